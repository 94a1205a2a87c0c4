import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseProviderHeaders } from '../../../../src/limits/headers/providerHeaders.ts';
import { parseRateLimitHeaders } from '../../../../src/limits/headers/rateLimit.ts';
import { Pacer } from '../../../../src/limits/pacing/pacer.ts';
import { type PaceRequest, PaceTicket } from '../../../../src/limits/pacing/paceTicket.ts';
import type { RefusalCause } from '../../../../src/limits/refusals/refusalRule.ts';

const now = Date.UTC(2026, 9, 14, 9, 30);
const far = now + 100 * 3_600_000;

function pacer(): Pacer {
  return new Pacer({ gateway: 'one', random: () => 0.5 });
}

function ticket(request: Partial<PaceRequest> = {}): PaceTicket {
  const owner = { paced() {} };
  return new PaceTicket({
    limit: 'l',
    lane: 'l',
    program: 'p',
    tokens: 0,
    patienceEnd: far,
    owner,
    ...request,
  });
}

function window(remaining: number, seconds: number, at = now) {
  const policy = '"fixed window";"api";q=1000;w=300';
  return parseRateLimitHeaders(`"api";r=${remaining};t=${seconds}`, policy, at);
}

const programs = fc.constantFrom('a', 'b', 'c', 'd');

describe('pacer: any sequence of calls', () => {
  it('sends no more requests than a window has left', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('come' as const), program: programs }),
      fc.record({ do: fc.constantFrom('end' as const, 'withdraw' as const), which: fc.nat(20) }),
    );
    fc.assert(
      fc.property(fc.nat(30), fc.array(step, { maxLength: 100 }), (remaining, steps) => {
        const paced = pacer();
        paced.book.learn('l', window(remaining, 60), now);
        const sent: PaceTicket[] = [];
        let used = 0;
        for (const one of steps) {
          if (one.do === 'come') {
            const came = ticket({ program: one.program });
            if (paced.admit(came, now) === 'go') sent.push(came);
          } else {
            const [gone] = sent.splice(one.which % Math.max(1, sent.length), 1);
            if (gone === undefined) continue;
            if (one.do === 'withdraw') paced.withdrawn(gone);
            else {
              used += 1;
              paced.ended(gone);
            }
          }
          sent.push(...paced.next(now).go);
          assert.ok(used + sent.length <= remaining, `${used} and ${sent.length} of ${remaining}`);
        }
      }),
    );
  });

  it('keeps the order within a program, and serves programs in turn', () => {
    fc.assert(
      fc.property(fc.array(programs, { minLength: 1, maxLength: 60 }), names => {
        const paced = pacer();
        paced.book.learn('l', window(0, 60), now);
        const held = names.map(program => ticket({ program }));
        for (const one of held) assert.equal(paced.admit(one, now), 'hold');
        const turns = paced.next(now + 62_000).go.concat(paced.next(now + 63_100).go);
        assert.equal(turns.length, held.length, 'no request starves');
        const waiting = new Map<string, PaceTicket[]>();
        for (const one of held) {
          const { program } = one.request;
          waiting.set(program, [...(waiting.get(program) ?? []), one]);
        }
        const passedOver = new Map<string, number>();
        for (const one of turns) {
          const { program } = one.request;
          assert.equal(waiting.get(program)?.shift(), one);
          passedOver.set(program, 0);
          for (const [other, left] of waiting) {
            if (other === program || left.length === 0) continue;
            const times = (passedOver.get(other) ?? 0) + 1;
            passedOver.set(other, times);
            assert.ok(times <= 3, 'four programs: three go before one has its turn');
          }
        }
      }),
    );
  });

  it('holds no request longer than its patience, and names an earlier time to look again', () => {
    const patience = fc.integer({ min: 1, max: 900_000 });
    const step = fc.tuple(fc.integer({ min: 1, max: 120_000 }), fc.array(patience, { maxLength: 5 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), fc.nat(300), (steps, seconds) => {
        const paced = pacer();
        let at = now;
        paced.book.learn('l', window(0, seconds, at), at);
        const all: PaceTicket[] = [];
        for (const [passed, patiences] of steps) {
          at += passed;
          for (const patienceMs of patiences) {
            const one = ticket({ patienceEnd: at + patienceMs });
            all.push(one);
            if (paced.admit(one, at) === 'late') assert.ok((one.hold?.until ?? 0) > one.request.patienceEnd);
          }
          const { go, late, lookAt } = paced.next(at);
          for (const one of late) assert.equal(one.state, 'new');
          for (const one of go) {
            assert.ok(one.request.patienceEnd > at);
            paced.refused(one, { cause: 'rate', resetsAt: at + 60_000 }, window(0, 60, at), at);
          }
          const held = all.filter(({ state }) => state === 'held');
          const first = Math.min(...held.map(({ request }) => request.patienceEnd));
          assert.ok(first > at);
          if (held.length > 0 && go.length === 0) {
            assert.ok(lookAt > at && lookAt <= first);
          }
        }
      }),
    );
  });

  it('never throws, spins or loses a request, whatever the headers, times and refusals', () => {
    const value = fc.oneof(
      fc.constantFrom('0', '-1', '1e9', '99999999999999999999', 'NaN', '', '0s', '-3s', '9999h', 'Infinity'),
      fc.string({ maxLength: 20 }),
      fc.nat().map(String),
    );
    const names = [
      'ratelimit',
      'ratelimit-policy',
      ...['limit', 'remaining', 'reset'].flatMap(what =>
        ['requests', 'tokens', 'tokens-minute', 'requests-day'].map(unit => `x-ratelimit-${what}-${unit}`),
      ),
    ];
    const item = fc.tuple(value, value, value).map(([r, t, q]) => `"api";r=${r};t=${t};q=${q};w=${t}`);
    const headers = fc.dictionary(fc.constantFrom(...names), fc.oneof(value, item), { maxKeys: 8 });
    const causes: RefusalCause[] = [
      'rate',
      'tokens',
      'concurrency',
      'unsettled',
      'quota',
      'capacity',
      'unknown',
    ];
    const step = fc.record({
      do: fc.constantFrom('answer', 'refuse', 'end', 'withdraw', 'come', 'release', 'cancel', 'share'),
      headers,
      passed: fc.oneof(fc.nat(2000), fc.integer({ min: -5000, max: 400_000 })),
      cause: fc.constantFrom(...causes),
      resetsInMs: fc.option(fc.integer({ min: -10_000, max: 1e12 }), { nil: undefined }),
      tokens: fc.oneof(fc.nat(5000), fc.constantFrom(0, 1e15)),
      program: programs,
      payer: fc.constantFrom(undefined, 'me'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const paced = pacer();
        const other = new Pacer({ gateway: 'two', random: () => 0.9 });
        let at = now;
        const all: PaceTicket[] = [];
        paced.book.payer('me').report({ usedNanoUsd: 0, limitNanoUsd: 50_000_000, asOf: now }, now);
        for (const one of steps) {
          at += one.passed;
          const reported = [
            ...parseRateLimitHeaders(one.headers.ratelimit, one.headers['ratelimit-policy'], at),
            ...parseProviderHeaders(one.headers, 'groq', at),
          ];
          const resetsAt = one.resetsInMs === undefined ? undefined : at + one.resetsInMs;
          const sent = all.find(({ state }) => state === 'sent');
          const payer = one.payer === undefined ? {} : { payer: one.payer };
          if (one.do === 'come' || sent === undefined) {
            const came = ticket({ program: one.program, tokens: one.tokens, ...payer });
            all.push(came);
            paced.admit(came, at);
          } else if (one.do === 'answer') {
            paced.answered(sent, reported, at);
            paced.ended(sent);
            paced.used(sent, one.tokens);
          } else if (one.do === 'refuse') {
            paced.refused(
              sent,
              { cause: one.cause, ...(resetsAt !== undefined && { resetsAt }) },
              reported,
              at,
            );
            paced.admit(sent, at);
          } else if (one.do === 'end') paced.ended(sent);
          else if (one.do === 'withdraw') paced.withdrawn(sent);
          else if (one.do === 'release') paced.release(at);
          else if (one.do === 'cancel') paced.cancel();
          else {
            const words = JSON.parse(JSON.stringify(paced.book.export(at)));
            assert.deepEqual(words, paced.book.export(at));
            other.book.import(words);
            paced.book.import(other.book.export(at));
          }
          const { lookAt } = paced.next(at);
          assert.ok(lookAt > at, 'it would spin');
          const held = paced.held(at).reduce((sum, { waiting }) => sum + waiting, 0);
          assert.equal(held, all.filter(({ state }) => state === 'held').length);
        }
        for (const one of all) if (one.state === 'sent') paced.ended(one);
        for (let turn = 0; turn < 200 && paced.held(at).length > 0; turn += 1) {
          const { go, lookAt } = paced.next(at);
          for (const one of go) paced.ended(one);
          at = Math.max(at, lookAt ?? at);
        }
        assert.deepEqual(paced.held(at), [], 'each request was sent or is late');
      }),
      { numRuns: 300 },
    );
  });
});

describe('pacer: learned limits', () => {
  it('give the same windows however often they are imported', () => {
    const at = fc.integer({ min: now - 5000, max: now });
    const words = fc.record({ remaining: fc.nat(5), seconds: fc.integer({ min: 1, max: 300 }), at });
    fc.assert(
      fc.property(fc.array(words, { maxLength: 5 }), reported => {
        const exported = reported.flatMap(({ remaining, seconds, at: when }, index) => {
          const other = new Pacer({ gateway: `other ${index}`, random: () => 0.5 });
          other.book.learn('l', window(remaining, seconds, when), when);
          return other.book.export(when);
        });
        const [once, twice] = [pacer(), pacer()];
        once.book.import(exported);
        twice.book.import(exported);
        twice.book.import(exported);
        assert.deepEqual(once.book.windows('l'), twice.book.windows('l'));
      }),
    );
  });
});
