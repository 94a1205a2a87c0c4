import { monthStart } from './clock.ts';
import type { Charge, Credits, Job, State, StatePatch } from './state.ts';

/**
 * Merges a patch into the state: objects key by key (null removes a key); other values are replaced.
 * Shorthands: `…SecondsAgo` and `…InSeconds` become `…At`; `credits.spent`, `credits.usedNanoUsd` and
 * `credits.pending` become charges; `jobsDone` becomes jobs.
 */
export function applyPatch(state: State, patch: StatePatch, now: number): void {
  merge(state as unknown as Json, patch, now);
}

type Json = Record<string, unknown>;

function merge(target: Json, patch: Json, now: number): void {
  for (const [key, value] of Object.entries(patch)) {
    const shorthand = shorthands[key];
    if (shorthand) shorthand(target, value, now);
    else if (/SecondsAgo$/.test(key)) target[key.replace(/SecondsAgo$/, 'At')] = now - Number(value) * 1000;
    else if (/InSeconds$/.test(key)) target[key.replace(/InSeconds$/, 'At')] = now + Number(value) * 1000;
    else if (value === null && !keepsNull.has(key)) delete target[key];
    else if (isObject(value)) {
      const child = isObject(target[key]) ? target[key] : {};
      target[key] = child;
      merge(child, value, now);
    } else target[key] = Array.isArray(value) ? value.map(item => materialise(item, now)) : value;
  }
}

const keepsNull = new Set(['token', 'periodEnd', 'email', 'scaleToZeroMinutes']);

function materialise(item: unknown, now: number): unknown {
  if (!isObject(item)) return item;
  const result: Json = {};
  merge(result, item, now);
  return result;
}

const shorthands: Record<string, (target: Json, value: unknown, now: number) => void> = {
  spent(target, value, now) {
    const charges = Object.entries(value as Record<string, { nanoUsd: number; requests: number }>);
    target.charges = charges.map(([provider, { nanoUsd, requests }]) =>
      settledCharge(provider, nanoUsd, requests, now),
    );
  },
  usedNanoUsd(target, value, now) {
    target.charges = [settledCharge('novita', Number(value), 1, now)];
  },
  pending(target, value, now) {
    const pending = value as {
      count: number;
      settleAfterSeconds: number;
      costNanoUsd: number;
      provider: string;
    };
    const charge: Charge = {
      at: now,
      settlesAt: now + pending.settleAfterSeconds * 1000,
      provider: pending.provider,
      requests: 1,
      placeholderNanoUsd: 10_000_000,
      costNanoUsd: pending.costNanoUsd,
    };
    const credits = target as unknown as Credits;
    credits.charges = [
      ...(credits.charges ?? []),
      ...Array.from({ length: pending.count }, () => ({ ...charge })),
    ];
  },
  jobsDone(target, value, now) {
    const jobs = value as { flavor: string; minutes: number }[];
    target.jobs = jobs.map(({ flavor, minutes }, index): Job => {
      const completedAt = thisMonth(now);
      const id = `68f0c0ffee00000000000${String(index).padStart(3, '0')}`;
      return { id, flavor, startedAt: completedAt - minutes * 60_000, completedAt };
    });
  },
};

function settledCharge(provider: string, costNanoUsd: number, requests: number, now: number): Charge {
  const at = thisMonth(now);
  return { at, settlesAt: at, provider, requests, placeholderNanoUsd: costNanoUsd, costNanoUsd };
}

/** A past time in this month, on its first day as well. */
function thisMonth(now: number): number {
  const start = monthStart(now);
  return start + Math.floor((now - start) / 2);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
