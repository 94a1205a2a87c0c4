import fc from 'fast-check';
import type { Refusal, RefusalCause, RefusalSource } from '../../../src/limits/refusals/refusal.ts';

/** Noon on 2026-05-20 UTC. */
export const noon = Date.UTC(2026, 4, 20, 12);
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** A 429 of the Hub's API, as the gateway saw it at noon. */
export function refusal(different: Partial<Refusal> = {}): Refusal {
  return {
    at: noon,
    status: 429,
    cause: 'rate',
    by: 'huggingface',
    scope: 'api',
    source: 'gateway',
    message: 'We had to rate limit you',
    ...different,
  };
}

const causes: RefusalCause[] = [
  'rate',
  'tokens',
  'concurrency',
  'credits',
  'unsettled',
  'spending-limit',
  'quota',
  'capacity',
  'unknown',
];
const sources: RefusalSource[] = ['headroom', 'gateway', 'host', 'terminal', 'debug-console', 'notebook'];

/** Close together, so that several sources see many of them. */
export const anyRefusal: fc.Arbitrary<Refusal> = fc.record(
  {
    at: fc
      .oneof(fc.integer({ min: -6_000, max: 6_000 }), fc.integer({ min: -30 * hourMs, max: 0 }))
      .map(offset => noon + offset),
    status: fc.constantFrom(402, 429, 503),
    cause: fc.oneof(fc.constant<RefusalCause>('rate'), fc.constantFrom(...causes)),
    by: fc.constantFrom('huggingface', 'together', 'unknown'),
    scope: fc.constantFrom('api', 'tokens per minute'),
    limit: fc.integer({ min: 0 }),
    remaining: fc.constantFrom(0, 0.5),
    windowSeconds: fc.constantFrom(60, 300),
    resetsAt: fc.integer({ min: noon, max: noon + hourMs }),
    billedTo: fc.constantFrom('acme'),
    model: fc.constantFrom('org/model'),
    source: fc.constantFrom(...sources),
    program: fc.constantFrom('python train.py'),
    headers: fc.constantFrom<Record<string, string>>({ ratelimit: '"api";r=0;t=42' }, { 'retry-after': '7' }),
    message: fc.string({ maxLength: 20 }),
  },
  { requiredKeys: ['at', 'status', 'cause', 'by', 'source', 'message'], noNullPrototype: true },
);
