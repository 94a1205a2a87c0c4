import { changeEndpoint } from '../hub/endpointActions.ts';
import type { HubAccess } from '../hub/http.ts';
import {
  type ChangeOutcome,
  type EndpointAction,
  type EndpointChange,
  type EndpointName,
  isSameEndpoint,
  outcomeOf,
} from '../limits/account/endpointChange.ts';
import type { Endpoint } from '../limits/account/endpoints.ts';
import { type Clock, pause } from './clock.ts';
import type { Readings } from './readings.ts';
import { type Task, taskKey } from './tasks.ts';

/** HF's clients poll a changing endpoint no faster. */
const watchedMs = 10_000;
/** Endpoint and quota are read once more after a change: a reading that was under way may be from before it. */
const confirmMs = 15_000;
/** Readings may come from another window. */
const lookMs = 250;

export interface EndpointControlOptions {
  readonly hub: () => HubAccess;
  readonly readings: Readings;
  readonly clock: Clock;
  /** Shows the changes and what was read. */
  readonly changed: () => void;
}

export interface Watch {
  readonly patienceMs: number;
  /** Ends watching, not the change. */
  readonly signal: AbortSignal;
}

/** How watching a change ended; `still`: not within the time, `cancelled`: by its signal. */
export type WatchOutcome = ChangeOutcome | 'still' | 'cancelled';

/** Pauses, resumes and scales endpoints of one account, and says when they are to be read anew meanwhile. */
export class EndpointControl {
  readonly #options: EndpointControlOptions;
  readonly #left = new AbortController();
  #changes: readonly EndpointChange[] = [];

  constructor(options: EndpointControlOptions) {
    this.#options = options;
  }

  /** Those that are not ended. */
  get open(): readonly EndpointChange[] {
    return this.#changes.filter(({ endedAt }) => endedAt === undefined);
  }

  /**
   * Asks HF once for the change, whose answer becomes the endpoint's reading, and follows the readings until the change
   * has come to its end, or the signal or the time ends that. Neither takes the change back.
   * @throws HubError
   */
  async change(endpoint: EndpointName, action: EndpointAction, watch: Watch): Promise<WatchOutcome> {
    const { hub, clock } = this.#options;
    const { namespace, name } = endpoint;
    const asked: EndpointChange = { namespace, name, action, sentAt: clock.now() };
    const recent = this.#changes.filter(({ endedAt = Infinity }) => endedAt + 2 * confirmMs > asked.sentAt);
    this.#replace(recent, asked);
    try {
      const answer = await changeEndpoint(hub(), asked, action);
      if (answer) this.#keep(answer);
      this.#replace(this.#changes, { ...asked, acceptedAt: clock.now() });
      return await this.#watch(asked, watch);
    } finally {
      // after an error, too: HF may have taken it
      const now = clock.now();
      this.#replace(this.#changes, { ...asked, acceptedAt: now, endedAt: now });
    }
  }

  /** The account is left: nothing is watched any more. */
  leave(): void {
    this.#left.abort();
  }

  /** As last read. */
  endpoint(wanted: EndpointName): Endpoint | undefined {
    const part = this.#options.readings.get<readonly Endpoint[]>(keyOf(wanted.namespace));
    return part.value?.find(each => isSameEndpoint(each, wanted));
  }

  /** When the task is to be read before its usual time, in epoch ms. @param asOf of the last reading */
  wantedReading({ kind, of }: Task, asOf: number): number | undefined {
    if (kind !== 'endpoints' && kind !== 'hardware') return undefined;
    const wanted = this.#changes
      .filter(({ namespace }) => namespace === of)
      .flatMap(({ acceptedAt, endedAt }) => {
        if (acceptedAt === undefined) return [];
        if (kind === 'hardware') return [acceptedAt, ...(endedAt ? [endedAt, endedAt + confirmMs] : [])];
        return endedAt === undefined ? [asOf + watchedMs] : [endedAt + confirmMs];
      })
      .filter(at => at > asOf);
    return wanted.length === 0 ? undefined : Math.min(...wanted);
  }

  async #watch(change: EndpointChange, { patienceMs, signal }: Watch): Promise<WatchOutcome> {
    const { clock } = this.#options;
    const until = clock.now() + patienceMs;
    const stop = AbortSignal.any([signal, this.#left.signal]);
    while (!stop.aborted) {
      const outcome = outcomeOf(change.action, this.endpoint(change));
      if (outcome) return outcome;
      if (clock.now() >= until) return 'still';
      await pause(clock, lookMs, stop);
    }
    return 'cancelled';
  }

  #keep(endpoint: Endpoint): void {
    const { readings } = this.#options;
    const key = keyOf(endpoint.namespace);
    const part = readings.get<readonly Endpoint[]>(key);
    const value = part.value?.map(each => (isSameEndpoint(each, endpoint) ? endpoint : each));
    if (value) readings.put(key, { ...part, value });
  }

  #replace(changes: readonly EndpointChange[], change: EndpointChange): void {
    this.#changes = [...changes.filter(each => !isSameEndpoint(each, change)), change];
    this.#options.changed();
  }
}

function keyOf(namespace: string): string {
  return taskKey({ kind: 'endpoints', of: namespace });
}
