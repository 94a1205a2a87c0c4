import { monthStart } from '../limits/account/credits.ts';
import { type BillingProfile, formatProfile, type StandIn, sameProfile } from './profile.ts';
import { findProvider } from './providers.ts';

export type MoneyReason = StandIn['reason'];

/** Who pays while the chosen payer is refused for money. Values are replaced, never changed. */
export interface FailoverState {
  readonly chosen: BillingProfile;
  /** Who may stand in, in this order. */
  readonly order: readonly BillingProfile[];
  /** Who is to pay now; `told` when something was paid for so. */
  readonly standIn?: StandIn;
  /** Who stands in as far as was said. A switch is said when it has paid for something, not when it is tried. */
  readonly told?: StandIn;
  /** When the chosen one was last tried, epoch ms; undefined: not known to have been refused. */
  readonly triedAt?: number;
  /** How long after that a request tries it again. */
  readonly probeAfterMs: number;
  /** The request that tries it again, until it is known what came of it. */
  readonly probe?: Attempt;
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
  /** The request was refused for money before: it is not tried with a third payer's. */
  readonly refused: boolean;
  /** Whom the same request was tried with before. */
  readonly passed: readonly BillingProfile[];
}

/** What is to be shown and written down. */
export interface PayerSwitch {
  readonly from: BillingProfile;
  readonly to: BillingProfile;
  readonly reason: MoneyReason | 'returned';
}

/** Who pays for the same request now, if anybody does. */
export interface NextPayer {
  readonly state: FailoverState;
  readonly retry?: Attempt;
}

/** Whether a payer's money can go where the request goes: a key pays at its own provider only. */
export type CanPay = (profile: BillingProfile) => boolean;

export const firstProbeMs = 5 * 60_000;
export const lastProbeMs = 60 * 60_000;
/** A server that fails is not asked by every request, or nobody would stand in at all. */
export const brokenProbeMs = 30_000;

const nobody: readonly BillingProfile[] = [];
const anybody: CanPay = () => true;

/** The state to begin with. A stand-in that may no longer stand in does not. */
export function startFailover(
  chosen: BillingProfile,
  order: readonly BillingProfile[],
  standIn?: StandIn,
): FailoverState {
  const fresh = { chosen, order, probeAfterMs: firstProbeMs, refusedAt: new Map() };
  const allowed =
    standIn &&
    canStandIn(standIn.profile, chosen) &&
    order.some(profile => sameProfile(profile, standIn.profile));
  return allowed ? { ...fresh, standIn, told: standIn, triedAt: standIn.since } : fresh;
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
  if (!state.standIn || !isDue(state, now)) return { state, attempt: activeAttempt(state, now) };
  const probe = { profile: state.chosen, startedAt: now, probe: true, refused: false, passed: nobody };
  return { state: { ...state, triedAt: now, probe }, attempt: probe };
}

/** Who pays at present; for a request that says nothing of whether the chosen one has money. */
export function activeAttempt({ chosen, standIn }: FailoverState, now: number): Attempt {
  return attemptOf(standIn?.profile ?? chosen, now);
}

/** Whoever stands in. */
export function chosenAttempt({ chosen }: FailoverState, now: number): Attempt {
  return attemptOf(chosen, now);
}

function attemptOf(profile: BillingProfile, now: number): Attempt {
  return { profile, startedAt: now, probe: false, refused: false, passed: nobody };
}

/** A new month brings new credits. A clock that was set back must not put off the next try. */
function isDue({ triedAt = 0, probeAfterMs }: FailoverState, now: number): boolean {
  return now < triedAt || now - triedAt >= probeAfterMs || triedAt < monthStart(now);
}

/**
 * After a refusal for money, not for an `unsettled` hold that passes in time.
 */
export function afterRefusal(
  state: FailoverState,
  refused: Attempt,
  reason: MoneyReason,
  now: number,
  canPay: CanPay = anybody,
): NextPayer {
  const { chosen, standIn } = state;
  const passed = [...refused.passed, refused.profile];
  const noted = sameProfile(refused.profile, chosen)
    ? chosenRefused(state, refused, now)
    : withRefused(state, refused.profile, now);
  const next = nextPayer(noted, passed, now, canPay);
  const active = standIn?.profile ?? chosen;
  const moves = next !== undefined && sameProfile(refused.profile, active);
  return {
    state: moves ? { ...noted, standIn: { profile: next, reason, since: now } } : noted,
    ...(next && !refused.refused && { retry: retryWith(next, passed, true, now) }),
  };
}

function chosenRefused(state: FailoverState, refused: Attempt, now: number): FailoverState {
  if (!state.standIn) return { ...state, triedAt: now, probeAfterMs: firstProbeMs };
  if (!refused.probe) return state;
  const probeAfterMs = Math.min(lastProbeMs, state.probeAfterMs * 2);
  return { ...state, probe: undefined, triedAt: now, probeAfterMs };
}

function withRefused(state: FailoverState, profile: BillingProfile, now: number): FailoverState {
  return { ...state, refusedAt: new Map(state.refusedAt).set(formatProfile(profile), now) };
}

/**
 * After a stand-in could not pay for another reason than money: it is not its request, or (`lasting`) nobody lets it.
 * When there is nobody else, the chosen one answers.
 */
export function afterUnable(
  state: FailoverState,
  unable: Attempt,
  lasting: boolean,
  now: number,
  canPay: CanPay = anybody,
): NextPayer {
  const { chosen, standIn } = state;
  if (sameProfile(unable.profile, chosen)) return { state };
  const passed = [...unable.passed, unable.profile];
  const noted = lasting ? withRefused(state, unable.profile, now) : state;
  const next = nextPayer(noted, passed, now, canPay);
  const chosenIsLeft = !passed.some(profile => sameProfile(profile, chosen));
  const retry = next ?? (chosenIsLeft ? chosen : undefined);
  const moves = lasting && standIn !== undefined && sameProfile(unable.profile, standIn.profile);
  const moved = next && standIn && { ...standIn, profile: next, since: now };
  return {
    state: moves ? { ...noted, standIn: moved } : noted,
    ...(retry && { retry: retryWith(retry, passed, unable.refused, now) }),
  };
}

/** Not where models have other names: what OpenAI serves Hugging Face does not, nor the other way round. */
function canStandIn(profile: BillingProfile, chosen: BillingProfile): boolean {
  return !sameProfile(profile, chosen) && hasListedModels(profile) && hasListedModels(chosen);
}

function hasListedModels(profile: BillingProfile): boolean {
  return profile.kind !== 'provider-key' || findProvider(profile.provider)?.routed !== false;
}

/** Of those who may stand in: the one who does, else the first. */
function nextPayer(
  { chosen, order, standIn, refusedAt }: FailoverState,
  passed: readonly BillingProfile[],
  now: number,
  canPay: CanPay,
): BillingProfile | undefined {
  const isOpen = (profile: BillingProfile) =>
    canStandIn(profile, chosen) &&
    !passed.some(other => sameProfile(profile, other)) &&
    !isRefusedLately(refusedAt, profile, now) &&
    canPay(profile);
  return standIn && isOpen(standIn.profile) ? standIn.profile : order.find(isOpen);
}

function isRefusedLately(refusedAt: FailoverState['refusedAt'], profile: BillingProfile, now: number) {
  const at = refusedAt.get(formatProfile(profile));
  return at !== undefined && at >= monthStart(now) && now >= at && now - at < lastProbeMs;
}

function retryWith(
  profile: BillingProfile,
  passed: readonly BillingProfile[],
  refused: boolean,
  now: number,
): Attempt {
  return { profile, startedAt: now, probe: false, refused, passed };
}

/** After an answer that was paid for. What began before the refusal says nothing of the time after it. */
export function afterSuccess(
  state: FailoverState,
  { profile, startedAt }: Attempt,
): { readonly state: FailoverState; readonly switched?: PayerSwitch } {
  const { chosen, standIn, told, order, refusedAt } = state;
  if (!standIn && !told) return { state };
  if (standIn && startedAt < standIn.since) return { state };
  const from = told?.profile ?? chosen;
  if (sameProfile(profile, chosen)) {
    const returned = { from, to: chosen, reason: 'returned' } as const;
    return { state: { ...startFailover(chosen, order), refusedAt }, ...(told && { switched: returned }) };
  }
  if (!standIn || sameProfile(profile, from) || !order.some(other => sameProfile(profile, other))) {
    return { state };
  }
  const paying = sameProfile(profile, standIn.profile) ? standIn : { ...standIn, profile, since: startedAt };
  return {
    state: { ...state, standIn: paying, told: paying },
    switched: { from, to: profile, reason: standIn.reason },
  };
}

/**
 * The request that was to try the chosen one told nothing of its money: another one does. `broken`: the server failed,
 * so not at once.
 */
export function afterNothing(
  state: FailoverState,
  tried: Attempt,
  broken: boolean,
  now: number,
): FailoverState {
  if (!tried.probe || state.probe !== tried) return state;
  const triedAt = broken ? now - state.probeAfterMs + brokenProbeMs : 0;
  return { ...state, probe: undefined, triedAt };
}

/** The chosen one is known to have money again: the next request tries it. */
export function afterCreditsReturned(state: FailoverState): FailoverState {
  return state.standIn ? { ...state, triedAt: 0, probeAfterMs: firstProbeMs } : state;
}

/** Who was refused may pay now: keys, or the token, are others. */
export function afterNewCredentials(state: FailoverState): FailoverState {
  return state.refusedAt.size > 0 ? { ...state, refusedAt: new Map() } : state;
}

function textOf({ chosen, order, told }: FailoverState): string {
  const standInText = told && [formatProfile(told.profile), told.reason, told.since];
  return JSON.stringify([formatProfile(chosen), order.map(formatProfile), standInText]);
}
