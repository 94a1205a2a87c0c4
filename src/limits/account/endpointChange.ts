import type { Endpoint } from './endpoints.ts';

/** As HF's API spells them in its paths. */
export const endpointActions = ['pause', 'resume', 'scale-to-zero'] as const;
export type EndpointAction = (typeof endpointActions)[number];

export type EndpointName = Pick<Endpoint, 'namespace' | 'name'>;

/** A change that this window asked for. Times are epoch ms. */
export interface EndpointChange extends EndpointName {
  readonly action: EndpointAction;
  readonly sentAt: number;
  /** HF accepted it. */
  readonly acceptedAt?: number;
  /** Its state is reached, or the wait for it is over. */
  readonly endedAt?: number;
}

/** Where an accepted change leads: `failed` to no running endpoint, `gone` to none at all. */
export type ChangeOutcome = 'reached' | 'failed' | 'gone';

/** What HF lets a person do in the endpoint's state; nothing in a state that HF added since. */
export function actionsOf(endpoint: Endpoint): readonly EndpointAction[] {
  return actionsByState.get(endpoint.state) ?? [];
}

const actionsByState: ReadonlyMap<string, readonly EndpointAction[]> = new Map<
  string,
  readonly EndpointAction[]
>([
  ['pending', ['pause']],
  ['initializing', ['pause']],
  ['updating', ['pause', 'scale-to-zero']],
  ['updateFailed', ['pause', 'scale-to-zero']],
  ['running', ['pause', 'scale-to-zero']],
  ['scaledToZero', ['pause']],
  ['failed', ['pause']],
  ['paused', ['resume']],
]);

/** Undefined: not there yet. @param endpoint as last read after the change; undefined: HF lists it no more */
export function outcomeOf(action: EndpointAction, endpoint: Endpoint | undefined): ChangeOutcome | undefined {
  if (endpoint === undefined) return 'gone';
  if (endpoint.state === goals[action]) return 'reached';
  const broken = endpoint.state === 'failed' || namesSpendLimit(endpoint);
  return action === 'resume' && broken ? 'failed' : undefined;
}

const goals: Readonly<Record<EndpointAction, Endpoint['state']>> = {
  pause: 'paused',
  resume: 'running',
  'scale-to-zero': 'scaledToZero',
};

/**
 * HF has no state of its own for an endpoint whose resource group has spent its limit: only its words about the state
 * say so, in Jobs' form `Resource group spend limit reached`. It may still run, and rejects requests.
 */
export function namesSpendLimit({ message = '' }: Pick<Endpoint, 'message'>): boolean {
  return /\bspend(?:ing)?[ -]limit\b/i.test(message);
}

export function isSameEndpoint(one: EndpointName, other: EndpointName): boolean {
  return one.namespace === other.namespace && one.name === other.name;
}
