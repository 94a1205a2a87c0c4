import assert from 'node:assert/strict';
import { placeholderNanoUsd } from '../../../../src/limits/account/credits.ts';
import { parseProviderHeaders } from '../../../../src/limits/headers/providerHeaders.ts';
import { parseRateLimitHeaders } from '../../../../src/limits/headers/rateLimit.ts';
import { Pacer } from '../../../../src/limits/pacing/pacer.ts';
import { laneName, type PaceRequest, PaceTicket } from '../../../../src/limits/pacing/paceTicket.ts';

const now = Date.UTC(2026, 9, 14, 9, 30);
const minuteMs = 60_000;

function pacer(gateway = 'one'): Pacer {
  return new Pacer({ gateway, random: () => 0.5 });
}

function ticket(request: Partial<PaceRequest> = {}): PaceTicket {
  const patienceEnd = now + 60 * minuteMs;
  return new PaceTicket({
    limit: 'me|api',
    lane: request.limit ?? 'me|api',
    program: 'python',
    tokens: 0,
    patienceEnd,
    owner: { paced() {} },
    ...request,
  });
}

function hub(remaining: number, seconds: number, at = now) {
  const policy = '"fixed window";"api";q=1000;w=300';
  return parseRateLimitHeaders(`"api";r=${remaining};t=${seconds}`, policy, at);
}

/** A pacer that knows a window with so much left. */
function informed(remaining: number): Pacer {
  const known = pacer();
  const first = ticket();
  assert.equal(known.admit(first, now - 100), 'go');
  known.answered(first, hub(remaining, 40), now);
  known.ended(first);
  return known;
}

function hold(on: Pacer, count: number, request: Partial<PaceRequest> = {}): PaceTicket[] {
  return Array.from({ length: count }, () => {
    const held = ticket(request);
    assert.equal(on.admit(held, now), 'hold');
    return held;
  });
}

describe('pacer: a spent window', () => {
  it('holds requests until its reset, then sends one first', () => {
    const paced = informed(0);
    const held = hold(paced, 3);
    assert.deepEqual(paced.next(now), { go: [], late: [], lookAt: now + 40_250 });
    assert.deepEqual(paced.next(now + 40_249).go, []);
    assert.deepEqual(paced.next(now + 40_250).go, [held[0]]);
    paced.answered(held[0]!, hub(999, 300, now + 40_300), now + 40_300);
    assert.deepEqual(paced.next(now + 40_300).go, held.slice(1));
  });

  it('sends the others when the first one is not refused within a second', () => {
    const paced = informed(0);
    const held = hold(paced, 2);
    const resetsAt = now + 40_250;
    assert.equal(paced.next(resetsAt).lookAt, resetsAt + 1000);
    assert.deepEqual(paced.next(resetsAt + 1000).go, [held[1]]);
  });

  it('counts requests in flight once', () => {
    const paced = informed(2);
    assert.equal(paced.admit(ticket(), now), 'go');
    assert.equal(paced.admit(ticket(), now), 'go');
    assert.equal(paced.admit(ticket(), now), 'hold');
  });

  it('counts a request without a response, but not one that never reached the server', () => {
    const paced = informed(1);
    const lost = ticket();
    paced.admit(lost, now);
    paced.withdrawn(lost);
    assert.equal(paced.admit(lost, now), 'go');
    paced.ended(lost);
    assert.equal(paced.admit(ticket(), now), 'hold');
  });

  it('holds no request of another account or bucket', () => {
    const paced = informed(0);
    assert.equal(paced.admit(ticket({ limit: 'you|api' }), now), 'go');
  });

  it('ignores an older report that arrives late', () => {
    const paced = informed(0);
    const late = ticket({ limit: 'me|pages' });
    paced.admit(late, now);
    paced.book.learn('me|api', hub(500, 300, now + 41_100), now + 41_000);
    paced.book.learn('me|api', hub(7, 1, now + 41_200), now + 39_000);
    assert.equal(paced.book.windows('me|api')[0]?.remaining, 500);
  });

  it("of Hugging Face's account at a provider is shown and holds no request", () => {
    const headers = {
      'x-ratelimit-limit-tokens': '12000',
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '7.66s',
    };
    const windows = parseProviderHeaders(headers, 'groq', now);
    const shared = windows.map(window => ({ ...window, isShownOnly: true as const }));
    const paced = pacer();
    paced.book.learn('groq', shared, now);
    assert.deepEqual(paced.book.windows('groq')[0], {
      bucket: 'tokens',
      provider: 'groq',
      unit: 'tokens',
      limit: 12_000,
      remaining: 0,
      windowSeconds: 60,
      resetsFrom: now + 7_650,
      resetsAt: now + 7_660,
      asOf: now,
      source: 'header',
      isShownOnly: true,
    });
    assert.equal(paced.admit(ticket({ limit: 'groq' }), now), 'go');
    paced.book.learn('key', windows, now);
    assert.equal(paced.admit(ticket({ limit: 'key', tokens: 10 }), now), 'hold');
  });
});

describe('pacer: a refusal', () => {
  it('through the router holds requests whatever its headers', () => {
    const paced = pacer();
    const [first, other] = [ticket(), ticket()];
    paced.admit(first, now);
    paced.admit(other, now);
    paced.refused(first, { cause: 'tokens', resetsAt: now + 11_455 }, [], now + 50);
    assert.equal(paced.admit(first, now + 50), 'hold');
    assert.equal(paced.admit(ticket(), now + 50), 'hold');
    assert.equal(paced.held(now + 50)[0]?.heldBy, 'refusal');
    paced.refused(other, { cause: 'tokens', resetsAt: now + 11_460 }, [], now + 60);
    assert.equal(paced.admit(other, now + 60), 'hold');
    const { lookAt, go } = paced.next(now + 60);
    assert.deepEqual(go, []);
    assert.ok(lookAt >= now + 11_460 && lookAt < now + 12_000);
    assert.deepEqual(paced.next(lookAt).go, [first]);
    paced.answered(first, [], lookAt + 30);
    assert.equal(paced.next(lookAt + 30).go.length, 2);
  });

  it('without a time is retried by one request, later each time', () => {
    const paced = pacer();
    const first = ticket();
    assert.equal(paced.admit(first, now), 'go');
    let at = now;
    const delays: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      paced.refused(first, { cause: 'unknown' }, [], at);
      assert.equal(paced.admit(first, at), 'hold');
      const { lookAt } = paced.next(at);
      delays.push(lookAt - at);
      at = lookAt;
      assert.deepEqual(paced.next(at).go, [first]);
      assert.equal(paced.admit(ticket(), at), 'hold');
    }
    assert.deepEqual(delays, [250, 500, 1000, 2000, 4000, 5000, 5000, 5000]);
  });

  it('with a reset of 0 seconds holds requests for a second', () => {
    const paced = pacer();
    const first = ticket();
    paced.admit(first, now);
    paced.refused(first, { cause: 'rate', resetsAt: now }, hub(0, 0), now);
    assert.equal(paced.admit(first, now), 'hold');
    assert.equal(paced.next(now).lookAt, now + 1250);
  });

  it('of an action does not hold other requests of its window', () => {
    const paced = informed(500);
    const commit = { lane: laneName('me|api', 'commit') };
    const first = ticket(commit);
    paced.admit(first, now);
    paced.refused(first, { cause: 'quota', resetsAt: now + 43 * minuteMs }, hub(977, 30), now);
    assert.equal(paced.admit(ticket(commit), now), 'hold');
    assert.equal(paced.admit(ticket(), now), 'go');
  });

  it('for money holds no request: payer selection decides', () => {
    const paced = informed(500);
    const first = ticket();
    paced.admit(first, now);
    paced.refused(first, { cause: 'credits' }, [], now);
    assert.equal(paced.admit(ticket(), now), 'go');
  });

  it('halves the concurrency once for all requests of one burst, and recovers', () => {
    const paced = pacer();
    const sent = Array.from({ length: 4 }, () => ticket());
    for (const one of sent) assert.equal(paced.admit(one, now), 'go');
    assert.equal(paced.admit(ticket(), now), 'hold');
    for (const one of sent.slice(2)) paced.refused(one, { cause: 'concurrency' }, [], now + 10);
    for (const one of sent.slice(2)) assert.equal(paced.admit(one, now + 10), 'hold');
    assert.deepEqual(paced.next(now + 20).go, []);
    paced.answered(sent[0]!, [], now + 500);
    paced.ended(sent[0]!);
    assert.equal(paced.next(now + 500).go.length, 1);
    assert.equal(paced.next(now + 900).go.length, 0, 'no more than the two that were let in');
  });
});

describe('pacer: patience', () => {
  it('that ends before the reset makes a request late at once, with the time', () => {
    const paced = informed(0);
    const impatient = ticket({ patienceEnd: now + 8_000 });
    assert.equal(paced.admit(impatient, now), 'late');
    assert.deepEqual([impatient.hold?.until, impatient.hold?.by], [now + 40_250, 'window']);
  });

  it('includes the windows that requests ahead fill', () => {
    const paced = informed(0);
    hold(paced, 1000);
    const late = ticket({ patienceEnd: now + 120_000 });
    assert.equal(paced.admit(late, now), 'late');
    assert.equal(late.hold?.until, now + 340_250);
    const other = ticket({ program: 'node', patienceEnd: now + 120_000 });
    assert.equal(paced.admit(other, now), 'hold');
  });

  it('of held requests is checked when a later reset is reported', () => {
    const paced = informed(0);
    const [short] = hold(paced, 1, { patienceEnd: now + minuteMs });
    const [long] = hold(paced, 1);
    const turns = paced.next(now + 40_250);
    assert.deepEqual(turns.go, [short]);
    paced.refused(
      short!,
      { cause: 'rate', resetsAt: now + 200_000 },
      hub(0, 160, now + 40_300),
      now + 40_300,
    );
    assert.equal(paced.admit(short!, now + 40_300), 'late');
    const [middle] = [ticket({ patienceEnd: now + 250_000 })];
    assert.equal(paced.admit(middle!, now + 40_300), 'hold');
    paced.book.learn('me|api', hub(0, 300, now + 41_500), now + 41_400);
    assert.deepEqual(paced.next(now + 41_500).late, [middle]);
    assert.equal(long!.state, 'held');
  });

  it('ends a hold without a known time', () => {
    const paced = pacer();
    const sent = Array.from({ length: 4 }, () => ticket());
    for (const one of sent) paced.admit(one, now);
    for (const one of sent.slice(2)) paced.refused(one, { cause: 'concurrency' }, [], now);
    const [held] = hold(paced, 1, { patienceEnd: now + 40 });
    assert.equal(paced.next(now).lookAt, now + 40);
    assert.deepEqual(paced.next(now + 40).late, [held]);
    assert.deepEqual(paced.held(now + 40), []);
  });
});

describe('pacer: tokens per minute', () => {
  const reported = (remaining: number, seconds: number, at = now) =>
    parseProviderHeaders(
      {
        'x-ratelimit-limit-tokens-minute': '1000',
        'x-ratelimit-remaining-tokens-minute': `${remaining}`,
        'x-ratelimit-reset-tokens-minute': `${seconds}.000001`,
      },
      'cerebras',
      at,
    );

  it('are reserved as estimated', () => {
    const paced = pacer();
    paced.book.learn('me|api', reported(1000, 30), now);
    assert.equal(paced.admit(ticket({ tokens: 600 }), now), 'go');
    assert.equal(paced.admit(ticket({ tokens: 600 }), now), 'hold');
  });

  it('are estimated better after reports of real use', () => {
    const paced = pacer();
    paced.book.learn('me|api', reported(1000, 30), now);
    for (let index = 0; index < 60; index += 1) {
      const one = ticket({ tokens: 10 });
      assert.equal(paced.admit(one, now), 'go');
      paced.answered(one, reported(1000, 30), now);
      paced.ended(one);
      paced.used(one, 100);
      paced.book.learn('me|api', reported(1000, 31 + index, now + 1), now + 1);
    }
    let sent = 0;
    while (paced.admit(ticket({ tokens: 10 }), now + 2) === 'go') sent += 1;
    assert.ok(sent >= 8 && sent <= 10, `${sent} of 10`);
  });

  it('of a steadily filling bucket are waited for no longer than needed', () => {
    const paced = pacer();
    for (const [left, seconds] of [
      [800, 12],
      [600, 24],
      [300, 42],
      [0, 60],
    ] as const) {
      paced.book.learn('me|api', reported(left, seconds), now);
    }
    const [held] = hold(paced, 1, { tokens: 100 });
    const { lookAt } = paced.next(now);
    assert.ok(lookAt > now + 6_000 && lookAt < now + 13_000, `${lookAt - now}`);
    assert.deepEqual(paced.next(lookAt).go, [held]);
  });

  it('of a fixed window that was used up early are waited for until its reset', () => {
    const paced = pacer();
    for (const left of [300, 10, 0]) paced.book.learn('me|api', reported(left, 60), now);
    hold(paced, 1, { tokens: 100 });
    assert.ok(paced.next(now).lookAt >= now + 60_000);
  });

  it('of a request larger than the window go alone', () => {
    const paced = pacer();
    paced.book.learn('me|api', reported(1000, 30), now);
    const small = ticket({ tokens: 100 });
    assert.equal(paced.admit(small, now), 'go');
    const large = ticket({ tokens: 5000 });
    assert.equal(paced.admit(large, now), 'hold');
    paced.withdrawn(small);
    assert.deepEqual(paced.next(now).go, [large]);
    assert.equal(paced.admit(ticket({ tokens: 1 }), now), 'hold');
  });
});

describe('pacer: unsettled money', () => {
  const payer = { payer: 'personal' };
  const balance = { usedNanoUsd: 0, limitNanoUsd: 3 * placeholderNanoUsd, asOf: now };

  it('holds the request whose placeholder does not fit, until the first one is settled', () => {
    const paced = informed(500);
    paced.book.payer('personal').report(balance, now);
    for (let index = 0; index < 3; index += 1) assert.equal(paced.admit(ticket(payer), now + 1), 'go');
    const [held] = hold(paced, 1, payer);
    assert.equal(paced.held(now)[0]?.heldBy, 'unsettled');
    assert.equal(paced.next(now + 2).lookAt, now + 1 + minuteMs);
    paced.book
      .payer('personal')
      .report({ ...balance, usedNanoUsd: 30_000, asOf: now + 30_000 }, now + 30_000);
    assert.deepEqual(paced.next(now + 30_000).go, [held]);
  });

  it('makes no request late by a mere prediction', () => {
    const paced = informed(500);
    paced.book.payer('personal').report(balance, now);
    for (let index = 0; index < 3; index += 1) paced.admit(ticket(payer), now + 1);
    assert.equal(paced.admit(ticket({ ...payer, patienceEnd: now + 5000 }), now + 1), 'go');
  });

  it('holds no request when the excess is spent, not held', () => {
    const paced = informed(500);
    paced.book.payer('personal').report({ ...balance, usedNanoUsd: balance.limitNanoUsd }, now);
    assert.equal(paced.admit(ticket(payer), now + 1), 'go');
  });

  it('behind a refusal ends with a success of a request that was sent after the refused one', () => {
    const paced = informed(500);
    const [first, second] = [ticket(payer), ticket(payer)];
    paced.admit(first, now);
    paced.admit(second, now + 1);
    paced.refused(first, { cause: 'unsettled' }, [], now + 100);
    const held = hold(paced, 1, payer);
    paced.answered(second, [], now + 200);
    assert.deepEqual(paced.next(now + 200).go, held);
  });

  it('lets a request go when its wait for money ends, also behind others, and keeps those', () => {
    const paced = informed(500);
    const first = ticket(payer);
    paced.admit(first, now);
    paced.refused(first, { cause: 'unsettled', resetsAt: now + 20_000 }, [], now);
    hold(paced, 1, payer);
    const [brief] = hold(paced, 1, { ...payer, moneyPatienceEnd: now + 4_000 });
    assert.equal(paced.next(now).lookAt, now + 4_000);
    const { go, late, lookAt } = paced.next(now + 4_000);
    assert.deepEqual([go, late], [[brief], []]);
    assert.ok(lookAt >= now + 20_000, `${lookAt - now}`);
  });

  it('behind a refusal holds all requests of the payer until one gets through', () => {
    const paced = informed(500);
    const first = ticket(payer);
    paced.admit(first, now);
    paced.refused(first, { cause: 'unsettled' }, [], now);
    const held = hold(paced, 2, { ...payer, limit: 'me|other model' });
    assert.equal(paced.next(now).lookAt, now + 2000);
    assert.deepEqual(paced.next(now + 2000).go, [held[0]]);
    paced.answered(held[0]!, [], now + 2300);
    assert.deepEqual(paced.next(now + 2300).go, [held[1]]);
  });
});

describe('pacer: held requests', () => {
  it('are listed by limit', () => {
    const paced = informed(0);
    hold(paced, 11);
    hold(paced, 1, { program: 'node' });
    assert.deepEqual(paced.held(now), [
      { limit: 'me|api', waiting: 12, programs: 2, heldBy: 'window', until: now + 40_250 },
    ]);
  });

  it('can be released and cancelled', () => {
    const paced = informed(0);
    const held = hold(paced, 2);
    assert.deepEqual(paced.release(now, 'you|api'), []);
    assert.deepEqual(paced.release(now, 'me|api'), held);
    assert.equal(held[0]!.state, 'sent');
    const others = hold(paced, 2);
    assert.deepEqual(paced.cancel(), others);
    assert.equal(others[0]!.state, 'new');
    assert.deepEqual(paced.next(now), { go: [], late: [], lookAt: Number.POSITIVE_INFINITY });
    assert.deepEqual(paced.held(now), []);
  });

  it('leave the queue when their client disconnects', () => {
    const paced = informed(0);
    const held = hold(paced, 2);
    paced.ended(held[0]!);
    assert.equal(paced.held(now)[0]?.waiting, 1);
    assert.equal(paced.admit(held[0]!, now), 'go', 'it is over');
    paced.ended(held[1]!);
    assert.deepEqual(paced.next(now + minuteMs), { go: [], late: [], lookAt: Number.POSITIVE_INFINITY });
  });

  it('go at once when pacing only observes', () => {
    const paced = informed(0);
    const held = hold(paced, 3);
    paced.observeOnly(true);
    assert.deepEqual(paced.next(now).go, held);
    assert.equal(paced.admit(ticket(), now), 'go');
    paced.observeOnly(false);
    assert.equal(paced.admit(ticket(), now), 'hold');
  });
});

describe('pacer: limits from other gateways', () => {
  it('hold requests here, too', () => {
    const [one, other] = [informed(0), pacer('other')];
    other.book.import(one.book.export(now));
    assert.equal(other.admit(ticket(), now), 'hold');
    assert.equal(other.held(now)[0]?.until, one.book.windows('me|api')[0]!.resetsAt! + 250);
  });

  it('include refusals that no window explains', () => {
    const [one, other] = [pacer(), pacer('other')];
    const first = ticket();
    one.admit(first, now);
    one.refused(first, { cause: 'rate', resetsAt: now + 30_000 }, [], now);
    other.book.import(one.book.export(now));
    const [held] = hold(other, 1);
    const { lookAt } = other.next(now);
    assert.ok(lookAt >= now + 30_000 && lookAt <= now + 31_000);
    assert.deepEqual(other.next(lookAt).go, [held]);
  });

  it('leave out the own ones', () => {
    const paced = informed(0);
    const words = paced.book.export(now);
    const fresh = pacer();
    fresh.book.import(words);
    assert.deepEqual(fresh.book.windows('me|api'), []);
  });

  it('make each gateway send no more than its part at once', () => {
    const [one, other] = [informed(40), informed(40)];
    one.book.import(other.book.export(now).map(learned => ({ ...learned, gateway: 'other' })));
    let sent = 0;
    while (one.admit(ticket(), now) === 'go') sent += 1;
    assert.equal(sent, 10);
  });

  it('are noticed in the windows without a shared ledger', () => {
    const paced = informed(100);
    const first = ticket();
    paced.admit(first, now);
    paced.answered(first, hub(40, 40, now + 10), now + 10);
    let sent = 0;
    while (paced.admit(ticket(), now + 10) === 'go') sent += 1;
    assert.equal(sent, 10);
  });

  it('are forgotten when unused, except spent windows', () => {
    const paced = informed(0);
    paced.book.sweep(now + 10_000);
    assert.equal(paced.admit(ticket(), now + 10_000), 'hold');
    paced.cancel();
    paced.book.sweep(now + 60 * minuteMs);
    assert.deepEqual(paced.book.windows('me|api'), []);
  });
});
