import type { Preferences } from '../../billing/payerStore.ts';
import type { ViewInput } from '../viewInput.ts';
import { limitStates } from './alerts.ts';
import type { LimitState } from './limitState.ts';
import {
  differs,
  formatTold,
  judge,
  knownNow,
  laterOf,
  type News,
  parseTold,
  rankOf,
  snoozedRank,
  type Told,
} from './toldLevel.ts';

/** Limits that were reported: by all windows, and by this one since its start. */
export interface AlertMemory {
  readonly everywhere: Preferences;
  readonly here: Map<string, Told>;
  /** True for one of the windows that want to tell the same now. */
  claim(what: string): boolean;
}

/** News of a limit. */
export interface AlertNotice {
  readonly state: LimitState;
  readonly news: News;
}

/**
 * The news in live readings. A window's first live reading of a limit is no news, so that an old state is none; what is
 * told daily is news there, too, unless it was told that day.
 * @param isQuiet nothing is told now; what is still true later, is then
 */
export function newAlerts(input: ViewInput, memory: AlertMemory, isQuiet = false): AlertNotice[] {
  const { mutedLimits = [] } = input.settings;
  return limitStates(input).flatMap(state => {
    if (!state.isLive || state.isRefused) return [];
    const key = keyOf(state.id, input);
    const stored = parseTold(memory.everywhere.getPreference(key));
    const untold = state.isDaily ? (stored ?? knownNow(state, input.now, 0)) : undefined;
    const here = memory.here.get(key) ?? untold;
    if (!here) {
      remember(key, laterOf(stored, knownNow(state, input.now)), memory);
      return [];
    }
    const told = laterOf(stored, here) ?? here;
    const { known, news } = judge(told, state, input.now);
    if (!news) {
      remember(key, known, memory);
      if (stored && differs(stored, known)) write(key, known, memory);
      return [];
    }
    // the next request tells who pays instead
    if (isQuiet || (state.failsOver && state.level === 'gone')) return [];
    remember(key, known, memory);
    if (!memory.claim(`${known.rank} of ${known.size} ${key}`)) return [];
    write(key, known, memory);
    const isMuted = mutedLimits.includes(state.id) || (news === 'back' && state.backSentence === undefined);
    return isMuted ? [] : [{ state, news }];
  });
}

/** Another notice has told that these limits are gone. */
export function markGone(ids: readonly string[], input: ViewInput, memory: AlertMemory): void {
  for (const state of limitStates(input)) {
    if (!ids.includes(state.id)) continue;
    const key = keyOf(state.id, input);
    const told = laterOf(parseTold(memory.everywhere.getPreference(key)), memory.here.get(key));
    const known = knownNow(state, input.now, Math.max(rankOf('gone'), told?.rank ?? 0));
    remember(key, known, memory);
    write(key, known, memory);
  }
}

/** Whether any notice told within the time that the limit is gone. */
export function wasToldGone(id: string, input: ViewInput, memory: AlertMemory, withinMs: number): boolean {
  const told = parseTold(memory.everywhere.getPreference(keyOf(id, input)));
  return told !== undefined && told.rank >= rankOf('gone') && input.now - told.at < withinMs;
}

/** Tells nothing more of the limit until its reset. */
export function snooze(id: string, input: ViewInput, memory: AlertMemory): void {
  const state = limitStates(input).find(each => each.id === id);
  if (!state) return;
  const key = keyOf(id, input);
  const known = knownNow(state, input.now, snoozedRank);
  remember(key, known, memory);
  write(key, known, memory);
}

/** Of this account: another one has limits of the same ids. */
function keyOf(id: string, { snapshot }: ViewInput): string {
  return `notice/limit/${snapshot.session?.id}/${id}`;
}

function remember(key: string, known: Told | undefined, { here }: AlertMemory): void {
  if (known) here.set(key, known);
}

function write(key: string, known: Told, { everywhere }: AlertMemory): void {
  everywhere.setPreference(key, formatTold(known));
}
