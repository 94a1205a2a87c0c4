import { monthStart } from '../limits/credits.ts';
import { type BillingProfile, formatProfile, type StandIn, sameProfile } from './profile.ts';

export type MoneyReason = StandIn['reason'];

/** Who pays while the chosen payer is refused for money. Values are replaced, never changed. */
export interface FailoverState {
  readonly chosen: BillingProfile;
  /** Who may stand in, in this order. */
  readonly order: readonly BillingProfile[];
  readonly standIn?: StandIn;
  /** When the chosen one was last tried, epoch ms; undefined: not known to have been refused. */
  readonly triedAt?: number;
  /** How long after that a request tries it again. */
  readonly probeAfterMs: number;
  /** When each stand-in was last refused, epoch ms, by the profile's text. */
  readonly refusedAt: ReadonlyMap<string, number>;
}

/** One try of one request with one payer's money. */
export interface Attempt {
  readonly profile: BillingProfile;
  /** Epoch ms. */
  readonly startedAt: number;
  /** It tries the chosen one although another stands in. */
  readonly probe: boolean;
  /** The request was refused before: it is not tried a third time. */
  readonly again: boolean;
}

/** What is to be shown and written down. */
export interface PayerSwitch {
  readonly from: BillingProfile;
  readonly to: BillingProfile;
  readonly reason: MoneyReason | 'returned';
}

export const firstProbeMs = 5 * 60_000;
export const lastProbeMs = 60 * 60_000;

/** The state to begin with. A stand-in that may no longer stand in does not. */
export function startFailover(
  chosen: BillingProfile,
  order: readonly BillingProfile[],
  standIn?: StandIn,
): FailoverState {
  const fresh = { chosen, order, probeAfterMs: firstProbeMs, refusedAt: new Map() };
  const allowed =
    standIn &&
    !sameProfile(standIn.profile, chosen) &&
    order.some(profile => sameProfile(profile, standIn.profile));
  return allowed ? { ...fresh, standIn, triedAt: standIn.since } : fresh;
}

/** The same state when the configuration says nothing new; else the one to begin with. */
export function configureFailover(
  state: FailoverState,
  chosen: BillingProfile,
  order: readonly BillingProfile[],
  standIn?: StandIn,
): FailoverState {
  const next = startFailover(chosen, order, standIn);
  return textOf(state) === textOf(next) ? state : next;
}

/** Who pays for a request that comes now. One request at a time tries the chosen one again. */
export function attempt(
  state: FailoverState,
  now: number,
): { readonly state: FailoverState; readonly attempt: Attempt } {
  const { chosen, standIn } = state;
  const first = { startedAt: now, again: false };
  if (!standIn) return { state, attempt: { ...first, profile: chosen, probe: false } };
  if (isDue(state, now)) {
    return { state: { ...state, triedAt: now }, attempt: { ...first, profile: chosen, probe: true } };
  }
  return { state, attempt: { ...first, profile: standIn.profile, probe: false } };
}

/** A new month brings new credits. A clock that was set back must not put off the next try. */
function isDue({ triedAt = 0, probeAfterMs }: FailoverState, now: number): boolean {
  return now < triedAt || now - triedAt >= probeAfterMs || triedAt < monthStart(now);
}

/**
 * After a refusal for money, not for an `unsettled` hold: who pays for the same request now, if anybody does.
 */
export function afterRefusal(
  state: FailoverState,
  refused: Attempt,
  reason: MoneyReason,
  now: number,
): {
  readonly state: FailoverState;
  readonly retry?: Attempt;
  readonly switched?: PayerSwitch;
} {
  const { standIn, chosen } = state;
  const active = standIn?.profile ?? chosen;
  if (!sameProfile(refused.profile, active)) {
    const probeAfterMs = Math.min(lastProbeMs, state.probeAfterMs * 2);
    return {
      state: refused.probe && standIn ? { ...state, triedAt: now, probeAfterMs } : state,
      ...retryOf(refused, active, now),
    };
  }
  const refusedAt = new Map(state.refusedAt).set(formatProfile(active), now);
  const next = state.order.find(
    profile => !sameProfile(profile, chosen) && !isRefusedLately(refusedAt, profile, now),
  );
  if (!next) return { state: { ...state, refusedAt } };
  const tried = standIn ? {} : { triedAt: now, probeAfterMs: firstProbeMs };
  return {
    state: { ...state, ...tried, refusedAt, standIn: { profile: next, reason, since: now } },
    switched: { from: active, to: next, reason },
    ...retryOf(refused, next, now),
  };
}

function isRefusedLately(refusedAt: FailoverState['refusedAt'], profile: BillingProfile, now: number) {
  const at = refusedAt.get(formatProfile(profile));
  return at !== undefined && at >= monthStart(now) && now >= at && now - at < lastProbeMs;
}

function retryOf(refused: Attempt, profile: BillingProfile, now: number): { readonly retry?: Attempt } {
  return refused.again ? {} : { retry: { profile, startedAt: now, probe: false, again: true } };
}

/** After an answer that was paid for. What began before the refusal says nothing of the time after it. */
export function afterSuccess(
  state: FailoverState,
  { profile, startedAt }: Attempt,
): { readonly state: FailoverState; readonly switched?: PayerSwitch } {
  const { chosen, standIn, order, refusedAt } = state;
  if (!standIn || !sameProfile(profile, chosen) || startedAt < standIn.since) return { state };
  return {
    state: { ...startFailover(chosen, order), refusedAt },
    switched: { from: standIn.profile, to: chosen, reason: 'returned' },
  };
}

/** The chosen one is known to have money again: the next request tries it. */
export function afterCreditsReturned(state: FailoverState): FailoverState {
  return state.standIn ? { ...state, triedAt: 0, probeAfterMs: firstProbeMs } : state;
}

function textOf({ chosen, order, standIn }: FailoverState): string {
  const standInText = standIn && [formatProfile(standIn.profile), standIn.reason, standIn.since];
  return JSON.stringify([formatProfile(chosen), order.map(formatProfile), standInText]);
}
