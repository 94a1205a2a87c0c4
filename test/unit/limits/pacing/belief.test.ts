import assert from 'node:assert/strict';
import fc from 'fast-check';
import { longestHeldMs } from '../../../../src/limits/bounds.ts';
import { laneName } from '../../../../src/limits/pacing/paceTicket.ts';
import { readLearned } from '../../../../src/limits/pacing/readLearned.ts';
import {
  answers,
  bucket,
  hourMs,
  jitterMs,
  now,
  number,
  pacer,
  receive,
  ticket,
  windowsOf,
  withHeaders,
} from './anyAnswers.ts';

describe('pacer: whatever answers report,', () => {
  it('no request is held for longer than an hour after the last one', () => {
    fc.assert(
      fc.property(answers, some => {
        const paced = pacer();
        const at = receive(paced, some);
        const held = ticket();
        if (paced.admit(held, at) === 'hold') {
          const { hold } = held;
          assert.ok((hold?.until ?? at) <= at + longestHeldMs + jitterMs, JSON.stringify(hold));
          // a trial, or its consent
          const opensAt = at + longestHeldMs + jitterMs + 1000;
          assert.deepEqual(paced.next(opensAt).go, [held]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('after a response to a request that was sent later the lane is open', () => {
    fc.assert(
      fc.property(answers, fc.boolean(), (some, isReported) => {
        const paced = pacer();
        // so much remains that the requests of this test don't spend it
        const at =
          receive(
            paced,
            withHeaders(some, ({ r }) => ({ r: r % 2 === 0 ? 0 : 999 })),
          ) + 1;
        const sent = ticket();
        if (paced.admit(sent, at) === 'hold') assert.deepEqual(paced.release(at), [sent]);
        const known = paced.book.windows('l').map(({ bucket: name, provider: by }) => {
          return { bucket: name, provider: by, r: 7, t: 20, q: 10, w: 60 };
        });
        paced.answered(sent, isReported ? windowsOf(known, at + 1) : [], at + 1);
        paced.ended(sent);
        assert.equal(paced.admit(ticket(), at + 1), 'go');
      }),
      { numRuns: 500 },
    );
  });

  it('requests of other limits go', () => {
    fc.assert(
      fc.property(answers, some => {
        const paced = pacer();
        const at = receive(
          paced,
          // the payer's money is at Hugging Face for all models
          some.filter(({ cause }) => cause !== 'unsettled'),
        );
        assert.equal(paced.admit(ticket({ limit: 'another', payer: 'me' }), at), 'go');
      }),
      { numRuns: 300 },
    );
  });

  it("a partner's word on unsettled money closes its own lane, not the payer", () => {
    const paced = pacer();
    const sent = ticket({ payer: 'me' });
    paced.admit(sent, now);
    paced.refused(sent, { cause: 'unsettled', by: 'groq', resetsAt: now + hourMs }, [], now + 1);
    assert.equal(paced.admit(ticket({ payer: 'me' }), now + 1), 'hold');
    assert.equal(paced.admit(ticket({ limit: 'another', payer: 'me' }), now + 1), 'go');
  });

  it("Hugging Face's word on unsettled money holds the payer for minutes, whatever time it names", () => {
    const paced = pacer();
    const sent = ticket({ payer: 'me' });
    paced.admit(sent, now);
    paced.refused(sent, { cause: 'unsettled', by: 'huggingface', resetsAt: now + 20 * hourMs }, [], now + 1);
    assert.equal(paced.admit(ticket({ limit: 'another', payer: 'me' }), now + 1), 'hold');
    assert.equal(paced.next(now + 5 * 60_000).go.length, 1);
  });
});

describe('pacer: limits that other gateways share', () => {
  const anything = fc.oneof(fc.anything(), number, bucket);
  const row = fc.record(
    {
      limit: fc.oneof(fc.constant('l'), anything),
      gateway: fc.oneof(fc.constant('two'), anything),
      at: fc.oneof(fc.constant(now), anything),
      usedAt: anything,
      windows: fc.oneof(
        fc.array(
          fc.record({
            bucket: fc.oneof(bucket, anything),
            unit: anything,
            limit: anything,
            remaining: anything,
            windowSeconds: anything,
            resetsAt: fc.oneof(
              number.map(ms => now + ms),
              anything,
            ),
            resetsFrom: fc.oneof(
              number.map(ms => now - ms),
              anything,
            ),
            asOf: fc.oneof(
              number.map(ms => now - ms),
              anything,
            ),
          }),
          { maxLength: 4 },
        ),
        anything,
      ),
      closed: fc.oneof(
        fc.array(
          fc.record({
            lane: fc.constantFrom(laneName('l'), laneName('another')),
            at: fc.constant(now),
            until: anything,
          }),
          { maxLength: 4 },
        ),
        anything,
      ),
    },
    { requiredKeys: [] },
  );

  it('hold no request for longer than an hour, whatever is in their rows, and close no lane of another limit', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 4 }), rows => {
        const paced = pacer();
        const ahead = (at: number) => at > now;
        paced.book.import(rows.flatMap(one => readLearned(one) ?? []).filter(({ at }) => !ahead(at)));
        const held = ticket();
        if (paced.admit(held, now) === 'hold') {
          assert.deepEqual(paced.next(now + longestHeldMs + jitterMs).go, [held]);
        }
        assert.equal(paced.admit(ticket({ limit: 'another' }), now), 'go');
      }),
      { numRuns: 1000 },
    );
  });

  it('are read back as they were written', () => {
    fc.assert(
      fc.property(answers, some => {
        const paced = pacer();
        const at = receive(
          paced,
          withHeaders(some, ({ w }) => ({ w: w === null ? null : 3_600 })),
        );
        for (const one of paced.book.export(at)) {
          assert.deepEqual(readLearned(JSON.parse(JSON.stringify(one))), one);
        }
      }),
    );
  });

  it('open a lane again when a request of the gateway that closed it got through', () => {
    const [one, other] = [pacer('one'), pacer('two')];
    const refused = ticket();
    one.admit(refused, now);
    one.refused(refused, { cause: 'rate', by: 'groq', resetsAt: now + hourMs / 2 }, [], now + 10);
    other.book.import(one.book.export(now + 20));
    const held = ticket();
    assert.equal(other.admit(held, now + 20), 'hold');
    assert.deepEqual(
      [other.held(now + 20)[0]?.by, one.book.export(now + 20)[0]?.closed[0]?.by],
      ['groq', 'groq'],
    );
    one.book.import(other.book.export(now + 25));
    assert.equal(one.admit(refused, now + 30), 'hold');
    one.release(now + 30);
    one.answered(refused, [], now + 40);
    const news = one.book.export(now + 50, now + 35);
    assert.deepEqual(
      news.map(({ limit, closed }) => [limit, closed]),
      [['l', []]],
    );
    other.book.import(news);
    assert.deepEqual(other.next(now + 50).go, [held]);
    one.book.import(other.book.export(now + 60));
    assert.equal(one.admit(ticket(), now + 60), 'go', 'no echo closes it again');
  });

  it('open a window again when a later report has more left', () => {
    const [one, other] = [pacer('one'), pacer('two')];
    one.book.learn(
      'l',
      windowsOf([{ bucket: 'api', r: 0, t: 200, q: 9, w: 300, provider: undefined }], now),
      now,
    );
    other.book.import(one.book.export(now));
    const held = ticket();
    assert.equal(other.admit(held, now), 'hold');
    const later = now + 5_000;
    const more = windowsOf([{ bucket: 'api', r: 5, t: 195, q: 9, w: 300, provider: undefined }], later);
    one.book.learn('l', more, later - 100);
    other.book.import(one.book.export(later));
    assert.deepEqual(other.next(later).go, [held]);
  });
});
