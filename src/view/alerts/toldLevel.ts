import { type AlertLevel, alertLevels, type LimitState } from './limitState.ts';

/** What was told, or known, of a limit. */
export interface Told {
  /** Epoch ms by this computer's clock. */
  readonly at: number;
  /** 0: nothing; then each of `alertLevels`; `snoozedRank` above them. */
  readonly rank: number;
  readonly size: number;
  /** Epoch ms by Hugging Face's clock. */
  readonly resetsAt?: number;
}

export type News = 'level' | 'back';

/** Above all levels: nothing more is told until the reset. */
export const snoozedRank = alertLevels.length + 1;
const goneRank = alertLevels.length;
/** Hugging Face settles the old period for minutes, and its times move by as much. */
const settlesMs = 5 * 60_000;
/** The shortest time between two notices of a limit without a reset. */
const withoutResetMs = 24 * 3_600_000;

export function rankOf(level: AlertLevel | undefined): number {
  return level === undefined ? 0 : alertLevels.indexOf(level) + 1;
}

/** The state as known, without a word about it. */
export function knownNow(state: LimitState, now: number, rank = rankOf(state.level)): Told {
  const { size, resetsAt } = state;
  return { at: now, rank, size, ...(resetsAt !== undefined && { resetsAt }) };
}

/** What a live reading means after what was told: the news in it, and what is known from then on. */
export function judge(told: Told, state: LimitState, now: number): { known: Told; news?: News } {
  const rank = rankOf(state.level);
  const before = told.resetsAt;
  if (before !== undefined && state.readAt >= before) {
    if (state.readAt < before + settlesMs) return { known: told };
    if (state.resetsAt === undefined || state.resetsAt > before + settlesMs) {
      const known = knownNow(state, now);
      if (rank > 0) return { known, news: 'level' };
      return told.rank === goneRank ? { known, news: 'back' } : { known };
    }
  }
  const isOver = before === undefined && state.resetsAt === undefined && now - told.at >= withoutResetMs;
  // what is true now is no news under a larger limit; what is reached later is
  const mayComeAgain = (state.size > told.size || isOver) && told.rank < snoozedRank;
  const rankBefore = mayComeAgain ? Math.min(told.rank, rank) : told.rank;
  const resetsAt = state.resetsAt ?? before;
  const known: Told = {
    at: told.at,
    rank: Math.max(rankBefore, rank),
    size: Math.max(state.size, told.size),
    ...(resetsAt !== undefined && { resetsAt }),
  };
  return rank > rankBefore ? { known: { ...known, at: now }, news: 'level' } : { known };
}

/** The later knowledge of two: of the later period, or what is more of the same. */
export function laterOf(one: Told | undefined, other: Told | undefined): Told | undefined {
  if (!one || !other) return one ?? other;
  if ((one.resetsAt === undefined) !== (other.resetsAt === undefined)) return one.at > other.at ? one : other;
  const apart = (one.resetsAt ?? 0) - (other.resetsAt ?? 0);
  if (Math.abs(apart) > settlesMs) return apart > 0 ? one : other;
  if (one.size !== other.size) return one.size > other.size ? one : other;
  return one.rank >= other.rank ? one : other;
}

/** Whether it is worth a write: a reset that moves by seconds is not. */
export function differs(one: Told, other: Told): boolean {
  const moved = Math.abs((one.resetsAt ?? 0) - (other.resetsAt ?? 0)) > settlesMs;
  return one.rank !== other.rank || one.size !== other.size || moved;
}

export function formatTold({ at, rank, size, resetsAt }: Told): string {
  return [at, rank, size, ...(resetsAt === undefined ? [] : [resetsAt])].join(' ');
}

export function parseTold(text: string | undefined): Told | undefined {
  const numbers = (text ?? '').split(' ').map(Number);
  const [at, rank, size, resetsAt] = numbers;
  if (at === undefined || rank === undefined || size === undefined || !numbers.every(Number.isFinite)) {
    return undefined;
  }
  return { at, rank, size, ...(resetsAt !== undefined && { resetsAt }) };
}
