import { monthStart } from '../limits/account/credits.ts';
import { type BillingProfile, formatProfile, type StandIn, sameProfile } from './profile.ts';
import { findProvider } from './providers.ts';

export type MoneyReason = StandIn['reason'];

/** Values are replaced, never changed. */
export interface FailoverState {
  readonly chosen: BillingProfile;
  /** Profiles that may stand in, in this order. */
  readonly order: readonly BillingProfile[];
  /** Undefined: the chosen profile pays. */
  readonly active?: ActiveFailover;
  /** The stand-in of the last reported switch. A switch is reported once the new payer has paid for something. */
  readonly reported?: StandIn;
  /** When each stand-in was last refused, epoch ms, by `formatProfile`. */
  readonly refusedAt: ReadonlyMap<string, number>;
}

interface ActiveFailover {
  readonly standIn: StandIn;
  /** When the chosen profile was last tried, epoch ms. */
  readonly triedAt: number;
  /** How long after `triedAt` a request tries it again. */
  readonly probeAfterMs: number;
  /** The request that tries it now. */
  readonly probe?: Attempt;
}

/** One try of one request with one payer's money. */
export interface Attempt {
  readonly profile: BillingProfile;
  /** Epoch ms. */
  readonly startedAt: number;
  /** It tries the chosen profile during a failover. */
  readonly probe: boolean;
  /** Another payer was refused for money: a third one is not tried. */
  readonly refused: boolean;
  /** Profiles with which the same request was tried before. */
  readonly passed: readonly BillingProfile[];
}

export interface PayerSwitch {
  readonly from: BillingProfile;
  readonly to: BillingProfile;
  readonly reason: MoneyReason | 'returned';
}

export interface NextPayer {
  readonly state: FailoverState;
  /** The next try of the same request; undefined: there is none. */
  readonly retry?: Attempt;
}

/** Whether a profile can pay for the request at hand: a key pays at its own provider only. */
export type CanPay = (profile: BillingProfile) => boolean;

export const firstProbeMs = 5 * 60_000;
export const lastProbeMs = 60 * 60_000;
/** After a server failure the next probe waits this long: probes at an outage would fail every request. */
export const brokenProbeMs = 30_000;

/** @param standIn the stand-in of an earlier process; ignored when it may not stand in any more */
export function startFailover(
  chosen: BillingProfile,
  order: readonly BillingProfile[],
  standIn?: StandIn,
): FailoverState {
  const fresh = { chosen, order, refusedAt: new Map() };
  if (!standIn || !canStandIn(standIn.profile, chosen) || !includes(order, standIn.profile)) return fresh;
  const active = { standIn, triedAt: standIn.since, probeAfterMs: firstProbeMs };
  return { ...fresh, active, reported: standIn };
}

/** The same state when the configuration says nothing new, else a new one. */
export function configureFailover(
  state: FailoverState,
  chosen: BillingProfile,
  order: readonly BillingProfile[],
  standIn?: StandIn,
): FailoverState {
  const next = startFailover(chosen, order, standIn);
  return textOf(state) === textOf(next) ? state : next;
}

/** The payer of a new request. During a failover, one request at a time tries the chosen profile again. */
export function attempt(
  state: FailoverState,
  now: number,
): { readonly state: FailoverState; readonly attempt: Attempt } {
  const { chosen, active } = state;
  if (!active || !isProbeDue(active, now)) return { state, attempt: activeAttempt(state, now) };
  const probe = { ...firstAttempt(chosen, now), probe: true };
  return { state: { ...state, active: { ...active, triedAt: now, probe } }, attempt: probe };
}

/** For a request that must not be the probe, such as one that costs nothing. */
export function activeAttempt(state: FailoverState, now: number): Attempt {
  return firstAttempt(payerOf(state), now);
}

/** For a request that no stand-in may pay for. */
export function chosenAttempt({ chosen }: FailoverState, now: number): Attempt {
  return firstAttempt(chosen, now);
}

/** After a refusal for money; not for `unsettled`, which passes by itself. */
export function afterRefusal(
  state: FailoverState,
  refused: Attempt,
  reason: MoneyReason,
  now: number,
  canPay: CanPay,
): NextPayer {
  const passed = [...refused.passed, refused.profile];
  const noted = withRefusal(state, refused, now);
  const next = nextPayer(noted, passed, now, canPay);
  if (!next) return { state: withoutStandIn(noted, refused) };
  const standIn = { profile: next, reason, since: now };
  const active = { triedAt: now, probeAfterMs: firstProbeMs, ...noted.active, standIn };
  return {
    state: sameProfile(refused.profile, payerOf(state)) ? { ...noted, active } : noted,
    ...(!refused.refused && { retry: { ...firstAttempt(next, now), refused: true, passed } }),
  };
}

/**
 * After a stand-in could not pay for another reason than money. The chosen profile is tried at the end, so that the
 * caller gets its response.
 * @param lasting it can't pay for other requests either
 */
export function afterUnable(
  state: FailoverState,
  unable: Attempt,
  lasting: boolean,
  now: number,
  canPay: CanPay,
): NextPayer {
  const { chosen, active } = state;
  if (sameProfile(unable.profile, chosen)) return { state };
  const passed = [...unable.passed, unable.profile];
  const noted = lasting ? withRefusal(state, unable, now) : state;
  const next = nextPayer(noted, passed, now, canPay);
  const payer = next ?? (includes(passed, chosen) ? undefined : chosen);
  const retry = payer && { ...firstAttempt(payer, now), refused: unable.refused, passed };
  if (!lasting || !active || !sameProfile(unable.profile, active.standIn.profile)) {
    return { state: noted, retry };
  }
  const moved = next && { ...active, standIn: { ...active.standIn, profile: next, since: now } };
  return { state: { ...noted, active: moved }, retry };
}

/** After a response that was paid for. A request that began before the refusal says nothing about the time since. */
export function afterSuccess(
  state: FailoverState,
  { profile, startedAt }: Attempt,
): { readonly state: FailoverState; readonly switched?: PayerSwitch } {
  const { chosen, active, reported, order, refusedAt } = state;
  if (active && startedAt < active.standIn.since) return { state };
  const from = reported?.profile ?? chosen;
  if (sameProfile(profile, chosen)) {
    const returned = { from, to: chosen, reason: 'returned' } as const;
    return { state: { chosen, order, refusedAt }, ...(reported && { switched: returned }) };
  }
  if (!active || sameProfile(profile, from) || !includes(order, profile)) return { state };
  const { standIn } = active;
  const paying = sameProfile(profile, standIn.profile) ? standIn : { ...standIn, profile, since: startedAt };
  return {
    state: { ...state, active: { ...active, standIn: paying }, reported: paying },
    switched: { from, to: profile, reason: standIn.reason },
  };
}

/**
 * After a probe that ended without a word about the chosen profile's money: another request becomes the probe.
 * @param broken the server failed: not at once
 */
export function afterNothing(
  state: FailoverState,
  tried: Attempt,
  broken: boolean,
  now: number,
): FailoverState {
  const { active } = state;
  if (!active || active.probe !== tried) return state;
  const triedAt = broken ? now - active.probeAfterMs + brokenProbeMs : 0;
  return { ...state, active: { ...active, probe: undefined, triedAt } };
}

/** The chosen profile is known to have money again: the next request tries it. */
export function afterCreditsReturned(state: FailoverState): FailoverState {
  const { active } = state;
  return active ? { ...state, active: { ...active, triedAt: 0, probeAfterMs: firstProbeMs } } : state;
}

/** With another token or other keys, refused stand-ins may be able to pay. */
export function afterNewCredentials(state: FailoverState): FailoverState {
  return state.refusedAt.size > 0 ? { ...state, refusedAt: new Map() } : state;
}

function payerOf({ chosen, active }: FailoverState): BillingProfile {
  return active?.standIn.profile ?? chosen;
}

function firstAttempt(profile: BillingProfile, now: number): Attempt {
  return { profile, startedAt: now, probe: false, refused: false, passed: [] };
}

/** A new month brings new credits. After a clock was set back, `triedAt` is in the future. */
function isProbeDue({ triedAt, probeAfterMs }: ActiveFailover, now: number): boolean {
  return now < triedAt || now - triedAt >= probeAfterMs || triedAt < monthStart(now);
}

/** A stand-in without money does not stay: the next request tries the chosen profile, and then others. */
function withoutStandIn(state: FailoverState, { profile }: Attempt): FailoverState {
  const { active } = state;
  return active && sameProfile(profile, active.standIn.profile) ? { ...state, active: undefined } : state;
}

function withRefusal(state: FailoverState, { profile, probe }: Attempt, now: number): FailoverState {
  const { chosen, active, refusedAt } = state;
  if (!sameProfile(profile, chosen)) {
    return { ...state, refusedAt: new Map(refusedAt).set(formatProfile(profile), now) };
  }
  if (!active || !probe) return state;
  const probeAfterMs = Math.min(lastProbeMs, active.probeAfterMs * 2);
  return { ...state, active: { ...active, probe: undefined, triedAt: now, probeAfterMs } };
}

/** The present stand-in, else the first of the order that may pay. */
function nextPayer(
  { chosen, order, active, refusedAt }: FailoverState,
  passed: readonly BillingProfile[],
  now: number,
  canPay: CanPay,
): BillingProfile | undefined {
  const isOpen = (profile: BillingProfile) =>
    canStandIn(profile, chosen) &&
    !includes(passed, profile) &&
    !isLately(refusedAt.get(formatProfile(profile)), now) &&
    canPay(profile);
  return active && isOpen(active.standIn.profile) ? active.standIn.profile : order.find(isOpen);
}

function isLately(at: number | undefined, now: number): boolean {
  return at !== undefined && at >= monthStart(now) && now >= at && now - at < lastProbeMs;
}

/** OpenAI's models have names that Hugging Face doesn't list: no failover between it and other profiles. */
function canStandIn(profile: BillingProfile, chosen: BillingProfile): boolean {
  return !sameProfile(profile, chosen) && hasListedModels(profile) && hasListedModels(chosen);
}

function hasListedModels(profile: BillingProfile): boolean {
  return profile.kind !== 'provider-key' || findProvider(profile.provider)?.routed !== false;
}

function includes(profiles: readonly BillingProfile[], profile: BillingProfile): boolean {
  return profiles.some(other => sameProfile(profile, other));
}

function textOf({ chosen, order, reported }: FailoverState): string {
  const standIn = reported && [formatProfile(reported.profile), reported.reason, reported.since];
  return JSON.stringify([formatProfile(chosen), order.map(formatProfile), standIn]);
}
