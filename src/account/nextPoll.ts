import type { TaskKind } from './tasks.ts';

/** `watching`: Headroom is on screen. */
export type Attention = 'idle' | 'focused' | 'watching';

/** The input of `nextPoll`. Times are epoch ms. */
export interface Circumstances {
  readonly attention: Attention;
  /** The last good reading; undefined: none. */
  readonly lastGoodAt?: number;
  /** Set while the task fails. */
  readonly failure?: Failure;
  /** A credit or window of this task is more than 80 % used. */
  readonly nearLimit: boolean;
  /** An endpoint is starting or changing. */
  readonly inTransition: boolean;
  /** How many namespaces share the requests of this kind of task. */
  readonly siblings: number;
  /** 0 to 1; spreads polls of different accounts. The same in all windows, or the earliest would win. */
  readonly jitter: number;
}

export interface Failure {
  /** The last failure. */
  readonly at: number;
  /** No try before this. */
  readonly notBefore: number;
  /** Unlikely to end by itself soon: the task runs no more often than a healthy one. */
  readonly lasting: boolean;
}

const minutes = (count: number) => count * 60_000;

/**
 * The age, in ms, at which a value is read again. No call is made more often than HF and its clients advise.
 * Idle windows stay below 40 requests an hour for any number of organizations, near a limit too.
 */
const intervalsMs: Record<TaskKind, Record<Attention, number>> = {
  usage: { idle: minutes(10), focused: minutes(5), watching: minutes(5) },
  live: { idle: minutes(10), focused: minutes(5), watching: minutes(5) },
  jobs: { idle: minutes(30), focused: minutes(30), watching: minutes(10) },
  'zero-gpu': { idle: minutes(30), focused: minutes(15), watching: minutes(2) },
  endpoints: { idle: minutes(10), focused: minutes(5), watching: minutes(1) },
  hardware: { idle: minutes(60), focused: minutes(60), watching: minutes(60) },
  'endpoint-use': { idle: minutes(60), focused: minutes(10), watching: minutes(10) },
  'organization-usage': { idle: minutes(60), focused: minutes(30), watching: minutes(10) },
};
const transitionMs = 10_000;
/**
 * The longest heartbeat. Each window has its own second in it; counted in slots of this length, many windows
 * poll no earlier than one would.
 */
const slotMs = 10_000;

/** When a task runs next, in epoch ms, and why, for the log. */
export function nextPoll(kind: TaskKind, circumstances: Circumstances): { at: number; reason: string } {
  const { attention, lastGoodAt, failure, nearLimit, inTransition, siblings, jitter } = circumstances;
  const attended = nearLimit && attention === 'idle' && !failure ? 'focused' : attention;
  // Namespaces share the pace of one while Headroom is not on screen.
  const share = attention === 'watching' ? 1 : Math.max(1, siblings);
  const intervalMs = Math.round(intervalsMs[kind][attended] * share * (1 + 0.1 * jitter));
  const after = (time: number) =>
    attention === 'watching' ? time + intervalMs : slotOf(time) + slotMs + slotOf(intervalMs + slotMs - 1);
  if (failure) {
    const at = failure.lasting ? Math.max(failure.notBefore, after(failure.at)) : failure.notBefore;
    return { at, reason: 'retry after a failure' };
  }
  if (lastGoodAt === undefined) return { at: 0, reason: 'never read' };
  if (inTransition && attention === 'watching') {
    return { at: lastGoodAt + transitionMs, reason: 'an endpoint is changing' };
  }
  return { at: after(lastGoodAt), reason: attended === attention ? attention : 'near a limit' };
}

/** The start of a time's slot. */
function slotOf(time: number): number {
  return Math.floor(time / slotMs) * slotMs;
}
