import type { Part, Problem, Snapshot } from '../../account/snapshot.ts';
import { problemMessage } from './problemMessage.ts';

interface StatusPart {
  readonly name: string;
  /** The call that reads it. */
  readonly call: string;
  /** The field of the live stream that has its values too. */
  readonly liveField?: string;
  value(snapshot: Snapshot, namespace: string): Part<unknown> | undefined;
}

/** A value up to this much older than the failure is of the same run: from another call, or the rest of a response. */
const sameRunMs = 60_000;

/** In the order of the status. Without an organization's own credits, which are not part of it. */
const parts: readonly StatusPart[] = [
  { name: 'account', call: 'whoami', value: ({ account }) => account },
  { name: 'credits', call: 'usage', liveField: 'inference', value: ({ credits }) => credits },
  { name: 'jobs', call: 'jobs', liveField: 'jobs', value: ({ jobs }) => jobs },
  { name: 'zeroGpu', call: 'zero-gpu', liveField: 'zeroGpu', value: ({ zeroGpu }) => zeroGpu },
  { name: 'rateWindows', call: 'live', value: ({ gauges }) => gauges },
  { name: 'endpoints', call: 'endpoints', value: ({ endpoints }, namespace) => endpoints[namespace] },
  { name: 'hardwareQuotas', call: 'hardware', value: ({ hardware }, namespace) => hardware[namespace] },
];

/** Failed calls, by the part of the status that lacks their values; the ledger's problem comes last. */
export function statusErrors(snapshot: Snapshot, problems: ReadonlyMap<string, Problem>) {
  const byPart = Map.groupBy(problems, ([call, problem]) => partOf(call, problem));
  const errors = parts.flatMap(({ name, value }) => {
    const failed = (byPart.get(name) ?? []).map(([call, problem]) => {
      const [, namespace = ''] = call.split('/');
      const message = withAge(problemMessage(problem), problem.at, value(snapshot, namespace));
      return { part: namespace === '' ? name : `${name}/${namespace}`, message };
    });
    return failed.sort((a, b) => a.part.localeCompare(b.part, 'en'));
  });
  const { ledgerProblem } = snapshot;
  return ledgerProblem === undefined ? errors : [...errors, { part: 'ledger', message: ledgerProblem }];
}

/** @param call perhaps with a namespace: `endpoints/acme` */
function partOf(call: string, { field = '' }: Problem): string | undefined {
  const [name] = call.split('/');
  const [liveField] = field.split('.');
  const ofField = name === 'live' ? parts.find(part => part.liveField === liveField) : undefined;
  return (ofField ?? parts.find(part => part.call === name))?.name;
}

function withAge(message: string, failedAt: number, { value, asOf }: Part<unknown> = {}): string {
  if (value === undefined || asOf === undefined || failedAt - asOf <= sameRunMs) return message;
  return `${message} The values shown are from ${new Date(asOf).toISOString()}.`;
}
