import fc from 'fast-check';
import { parseRateLimitHeaders, type RateWindow } from '../../../../src/limits/headers/rateLimit.ts';
import { Pacer } from '../../../../src/limits/pacing/pacer.ts';
import { laneName, type PaceRequest, PaceTicket } from '../../../../src/limits/pacing/paceTicket.ts';
import type { RefusalCause } from '../../../../src/limits/refusals/refusalRule.ts';

export const now = Date.UTC(2026, 9, 14, 9, 30);
export const hourMs = 3_600_000;
/** Spreads the requests of several gateways. */
export const jitterMs = 750;

export function pacer(gateway = 'one'): Pacer {
  return new Pacer({ gateway, random: () => 0.99 });
}

export function ticket(request: Partial<PaceRequest> = {}): PaceTicket {
  const limit = request.limit ?? 'l';
  return new PaceTicket({
    limit,
    lane: laneName(limit),
    program: 'p',
    tokens: 0,
    patienceEnd: now + 1000 * hourMs,
    owner: { paced() {} },
    ...request,
  });
}

export const number = fc.oneof(
  fc.nat(400),
  fc.constantFrom(0, 1, 300, 3_600, 86_400, 2_764_800, 1e12, 999_999_999_999, 1e15),
);
export const bucket = fc.constantFrom('api', 'default', 'router', 'tokens per minute', 'x');
const provider = fc.constantFrom(undefined, 'groq', 'huggingface', 'evil');

/** As a server reports them in `RateLimit` and `RateLimit-Policy`, true or not. */
const header = fc.record({ bucket, r: number, t: number, q: number, w: fc.option(number), provider });
export interface Header {
  readonly bucket: string;
  readonly r: number;
  readonly t: number;
  readonly q: number;
  readonly w: number | null;
  readonly provider: string | undefined;
}

export function windowsOf(headers: readonly Header[], at: number): RateWindow[] {
  return headers.flatMap(({ bucket: name, r, t, q, w, provider: by }) =>
    parseRateLimitHeaders(
      `"${name}";r=${r};t=${t}`,
      w === null ? undefined : `"${name}";q=${q};w=${w}`,
      at,
    ).map(window => (by === undefined ? window : { ...window, provider: by })),
  );
}

const causes: RefusalCause[] = ['rate', 'tokens', 'concurrency', 'unsettled', 'quota', 'capacity', 'unknown'];
const answer = fc.record({
  headers: fc.array(header, { maxLength: 3 }),
  cause: fc.option(fc.constantFrom(...causes)),
  by: provider,
  resetsInSeconds: fc.option(number),
  limit: fc.constantFrom('l', 'other'),
  payer: fc.constantFrom(undefined, 'me'),
  passedMs: fc.nat(60_000),
});
export interface Answer {
  readonly headers: readonly Header[];
  /** Null: no refusal. */
  readonly cause: RefusalCause | null;
  readonly by: string | undefined;
  readonly resetsInSeconds: number | null;
  readonly limit: string;
  readonly payer: string | undefined;
  readonly passedMs: number;
}

/** Sends a request for each answer, whatever holds it. @returns epoch ms of the last one */
export function receive(paced: Pacer, answers: readonly Answer[]): number {
  let at = now;
  for (const one of answers) {
    at += one.passedMs;
    const sent = ticket({ limit: one.limit, ...(one.payer !== undefined && { payer: one.payer }) });
    if (paced.admit(sent, at) === 'hold') paced.release(at);
    const windows = windowsOf(one.headers, at);
    if (one.cause === null) paced.answered(sent, windows, at);
    else {
      const resetsAt = one.resetsInSeconds === null ? undefined : at + one.resetsInSeconds * 1000;
      const by = one.by === undefined ? {} : { by: one.by };
      paced.refused(
        sent,
        { cause: one.cause, ...by, ...(resetsAt !== undefined && { resetsAt }) },
        windows,
        at,
      );
    }
    paced.ended(sent);
    paced.cancel();
  }
  return at;
}

export const answers = fc.array(answer, { maxLength: 12 });

/** The answers, with those parts of each header replaced. */
export function withHeaders(some: readonly Answer[], change: (header: Header) => Partial<Header>): Answer[] {
  return some.map(one => ({ ...one, headers: one.headers.map(each => ({ ...each, ...change(each) })) }));
}
