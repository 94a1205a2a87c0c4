import assert from 'node:assert/strict';
import { parseRateLimitHeaders } from '../../../../src/limits/headers/rateLimit.ts';
import { PaceBook } from '../../../../src/limits/pacing/paceBook.ts';
import { PaceLane } from '../../../../src/limits/pacing/paceLane.ts';
import { Pacer } from '../../../../src/limits/pacing/pacer.ts';
import { laneName, type PaceRequest, PaceTicket } from '../../../../src/limits/pacing/paceTicket.ts';

const now = Date.UTC(2026, 9, 14, 9, 30);
const minuteMs = 60_000;

function pacer(): Pacer {
  return new Pacer({ gateway: 'one', random: () => 0.5 });
}

function ticket(request: Partial<PaceRequest> = {}): PaceTicket {
  const limit = request.limit ?? 'api';
  return new PaceTicket({
    limit,
    lane: laneName(limit),
    program: 'python',
    tokens: 0,
    patienceEnd: now + 600 * minuteMs,
    owner: { paced() {} },
    ...request,
  });
}

function hub(remaining: number, seconds: number, { bucket = 'api', at = now } = {}) {
  const policy = `"fixed window";"${bucket}";q=10000;w=300`;
  return parseRateLimitHeaders(`"${bucket}";r=${remaining};t=${seconds}`, policy, at);
}

/** A request that is sent and gets its response at that time. */
function pass(on: Pacer, request: Partial<PaceRequest>, at: number): void {
  const one = ticket({ patienceEnd: at + minuteMs, ...request });
  assert.equal(on.admit(one, at), 'go');
  on.answered(one, [], at);
  on.ended(one);
}

describe('pacer: many lanes', () => {
  it('are each asked once while blocked, however many requests go beside them', () => {
    const paced = pacer();
    paced.book.learn('api', hub(0, 40), now);
    paced.book.learn('search', hub(0, 200, { bucket: 'search' }), now);
    for (let at = 0; at < 200; at += 1) {
      const lane = laneName('search', `action ${at}`);
      assert.equal(paced.admit(ticket({ limit: 'search', lane }), now), 'hold');
    }
    const many = Array.from({ length: 1000 }, () => ticket());
    for (const one of many) assert.equal(paced.admit(one, now), 'hold');
    paced.next(now + 41_000);
    const { holdOf } = PaceLane.prototype;
    let asked = 0;
    PaceLane.prototype.holdOf = function (...its) {
      asked += 1;
      return holdOf.apply(this, its);
    };
    try {
      assert.deepEqual(paced.next(now + 43_000).go, many.slice(1));
    } finally {
      PaceLane.prototype.holdOf = holdOf;
    }
    assert.ok(asked <= 200 + many.length, `${asked} times`);
    assert.equal(paced.held(now + 43_000).length, 200);
  });

  it('are served in turn', () => {
    const paced = pacer();
    paced.book.learn('api', hub(0, 40), now);
    const lanes = ['a', 'b', 'c'].map(name => laneName('api', name));
    const held = lanes.flatMap(lane => [ticket({ lane }), ticket({ lane })]);
    for (const one of held) paced.admit(one, now);
    const first = paced.next(now + 41_000).go;
    assert.deepEqual(first, [held[0]]);
    paced.answered(held[0]!, hub(2, 300, { at: now + 41_010 }), now + 41_010);
    assert.deepEqual(paced.next(now + 41_010).go, [held[2], held[4]]);
    assert.deepEqual(paced.next(now + 400_000).go, [held[1], held[3], held[5]]);
  });

  it('are exported only with news', () => {
    const paced = pacer();
    for (let at = 0; at < 100; at += 1) {
      pass(paced, { limit: `model ${at}` }, now + at);
      paced.book.learn(`model ${at}`, hub(9, 40), now);
      pass(paced, { limit: `unlimited ${at}` }, now + at);
    }
    assert.equal(paced.book.export(now + 200).length, 100);
    assert.deepEqual(
      paced.book.export(now + 200, now + 98).map(({ limit }) => limit),
      ['model 98', 'model 99'],
    );
    paced.book.learn('model 3', hub(5, 40, { at: now + 300 }), now + 300);
    const refused = ticket({ limit: 'model 4' });
    paced.admit(refused, now + 100);
    paced.refused(refused, { cause: 'rate', resetsAt: now + minuteMs }, [], now + 300);
    assert.deepEqual(
      paced.book.export(now + 300, now + 250).map(({ limit, closed }) => [limit, closed.length]),
      [
        ['model 3', 0],
        ['model 4', 1],
      ],
    );
  });

  it('are forgotten when unused, although their limit is in use', () => {
    const book = new PaceBook({ gateway: 'g', random: () => 0.5 });
    const [old, used] = [use(book, '/v1/predictions/1', now), use(book, 'llama', now)];
    for (let minute = 0; minute < 20; minute += 1) {
      use(book, 'llama', now + minute * minuteMs);
      book.sweep(now + minute * minuteMs);
    }
    assert.notEqual(laneOf(book, '/v1/predictions/1'), old);
    assert.equal(laneOf(book, 'llama'), used);
    assert.equal(used.limit, laneOf(book, '/v1/predictions/1').limit);
  });

  it('are forgotten beyond 200 of a limit, those in use, closed, or busy last', () => {
    const book = new PaceBook({ gateway: 'g', random: () => 0.5 });
    const idle = use(book, 'idle', now);
    const used = use(book, 'used', now);
    const refused = use(book, 'refused', now);
    refused.gate.close(now + minuteMs, now, now);
    const busy = laneOf(book, 'busy');
    busy.sent(ticket(), now);
    for (let at = 0; at < 10_000; at += 1) {
      use(book, `/v1/predictions/${at}`, now + at);
      if (at % 50 === 0) use(book, 'used', now + at);
      assert.ok(book.size.lanes <= 200);
    }
    assert.deepEqual(
      ['used', 'refused', 'busy'].map(name => laneOf(book, name)),
      [used, refused, busy],
    );
    assert.notEqual(laneOf(book, 'idle'), idle);
  });
});

describe('pacer: the clock', () => {
  it('set back by an hour holds no request for an hour', () => {
    const paced = pacer();
    pass(paced, {}, now);
    paced.book.learn('api', hub(0, 40), now);
    const held = ticket();
    assert.equal(paced.admit(held, now), 'hold');
    const back = now - 60 * minuteMs;
    assert.deepEqual(paced.next(back).go, [held]);
    assert.equal(paced.admit(ticket({ patienceEnd: back + minuteMs }), back), 'go');
  });

  it('set back by a few seconds changes nothing', () => {
    const paced = pacer();
    pass(paced, {}, now);
    paced.book.learn('api', hub(0, 40), now);
    assert.equal(paced.admit(ticket(), now - 5_000), 'hold');
  });

  it('set back opens lanes that a refusal closed', () => {
    const paced = pacer();
    const first = ticket({ payer: 'personal' });
    paced.admit(first, now);
    paced.refused(first, { cause: 'rate', resetsAt: now + 60_000 }, [], now);
    assert.equal(paced.admit(first, now), 'hold');
    assert.deepEqual(paced.next(now - 600_000).go, [first]);
  });

  it('that jumps forward, as after sleep, sends requests that have patience left', () => {
    const paced = pacer();
    paced.book.learn('api', hub(0, 40), now);
    const [patient, other] = [ticket(), ticket({ patienceEnd: now + minuteMs })];
    for (const one of [patient, other]) paced.admit(one, now);
    const { go, late } = paced.next(now + 60 * minuteMs);
    assert.deepEqual([go, late], [[patient], [other]]);
  });
});

describe('pacer: a request whose response names another bucket', () => {
  const moved = (paced: Pacer, one: PaceTicket) => paced.moved(one, 'search', laneName('search'));

  it('counts in that bucket only', () => {
    const paced = pacer();
    paced.book.learn('api', hub(1, 40), now);
    const one = ticket();
    assert.equal(paced.admit(one, now), 'go');
    moved(paced, one);
    paced.answered(one, hub(0, 30, { bucket: 'search' }), now);
    paced.ended(one);
    assert.equal(paced.book.windows('api')[0]?.remaining, 1);
    assert.equal(paced.admit(ticket(), now), 'go');
    assert.equal(paced.admit(ticket({ limit: 'search' }), now), 'hold');
  });

  it('is held with that bucket’s requests when it is refused', () => {
    const paced = pacer();
    const one = ticket();
    paced.admit(one, now);
    moved(paced, one);
    paced.refused(one, { cause: 'rate', resetsAt: now + 30_000 }, hub(0, 30, { bucket: 'search' }), now);
    assert.equal(paced.admit(one, now), 'hold');
    assert.equal(paced.admit(ticket(), now), 'go');
    assert.deepEqual(
      paced.held(now).map(({ limit, waiting }) => [limit, waiting]),
      [['search', 1]],
    );
  });

  it('does not move unless it is in flight', () => {
    const paced = pacer();
    const one = ticket();
    moved(paced, one);
    assert.equal(one.request.limit, 'api');
  });
});

function laneOf(book: PaceBook, address: string): PaceLane {
  return book.lane(ticket({ limit: 'router', lane: laneName('router', address) }));
}

/** The lane of one request with an immediate response. */
function use(book: PaceBook, address: string, at: number): PaceLane {
  const lane = laneOf(book, address);
  const one = ticket();
  lane.limit.sent(one, at);
  lane.sent(one, at);
  lane.limit.answered(one, [], at);
  lane.left(one);
  return lane;
}
