import fc from 'fast-check';
import type { TallyHour } from '../../../src/ledger/tallyHours.ts';
import type { BillingSwitch } from '../../../src/limits/account/billingSwitch.ts';
import type { RequestTally, TallyTotal } from '../../../src/limits/requests/requestTally.ts';
import { hourMs, noon } from './refusals.ts';

/** A chat completion at noon that was answered, billed to its own account. */
export function tally(different: Partial<RequestTally> = {}): RequestTally {
  return {
    at: noon,
    status: 200,
    billedTo: 'personal',
    provider: 'together',
    model: 'org/model',
    promptTokens: 500,
    completionTokens: 90,
    costNanoUsd: 120_000,
    durationMs: 850.25,
    ...different,
  };
}

/** The total of that tally. */
export function total(different: Partial<TallyTotal> = {}): TallyTotal {
  return {
    billedTo: 'personal',
    provider: 'together',
    model: 'org/model',
    requests: 1,
    refused: 0,
    promptTokens: 500,
    completionTokens: 90,
    costNanoUsd: 120_000,
    uncosted: 0,
    ...different,
  };
}

export function tallyHour(different: Partial<TallyHour> = {}): TallyHour {
  return { hour: noon, ...total(), timed: 1, durationMs: 850.25, streamed: 0, firstByteMs: 0, ...different };
}

/** All times. */
export const ever = { from: 0, until: Infinity };

export function billingSwitch(different: Partial<BillingSwitch> = {}): BillingSwitch {
  return { at: noon, workspace: 'w1', from: 'personal', to: 'org:acme', reason: 'chosen', ...different };
}

/** In a fixed order. */
export function sorted<T extends TallyTotal>(totals: readonly T[]): T[] {
  const key = (one: T) => JSON.stringify([one.billedTo, one.provider ?? '', one.model ?? '']);
  return [...totals].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

const amount = fc.integer({ min: 0, max: 2 ** 40 });

export const anyTally: fc.Arbitrary<RequestTally> = fc.record(
  {
    at: fc.integer({ min: -5 * hourMs, max: 0 }).map(offset => noon + offset),
    status: fc.constantFrom(0, 200, 402, 404, 429, 503),
    billedTo: fc.constantFrom('personal', 'org:acme', 'own-token'),
    provider: fc.constantFrom('together', 'groq'),
    model: fc.constantFrom('org/model', 'org/"quoted"\nmodel'),
    promptTokens: amount,
    completionTokens: amount,
    costNanoUsd: amount,
    durationMs: fc.double({ min: 0, max: 1e6, noNaN: true }).map(Math.abs),
    firstByteMs: fc.integer({ min: 0, max: 2 ** 20 }),
    workspace: fc.constantFrom('here', 'elsewhere'),
  },
  { requiredKeys: ['at', 'status', 'billedTo', 'durationMs'], noNullPrototype: true },
);
