import assert from 'node:assert/strict';
import { limitName } from '../../../../src/gateway/pacing/limitKey.ts';
import { cancelled, hubLimit, lateAnswer, lateRefusal } from '../../../../src/gateway/pacing/turnedAway.ts';
import { type Hold, laneName, PaceTicket } from '../../../../src/limits/pacing/paceTicket.ts';

const now = Date.UTC(2026, 10, 10, 12);

function held(different: Partial<Hold> = {}, by = 'huggingface', scope = 'api'): PaceTicket {
  const limit = limitName('0f3a', { by, scope });
  const owner = { paced() {} };
  const ticket = new PaceTicket({
    limit,
    lane: limit,
    program: '',
    tokens: 0,
    patienceEnd: now + 8_000,
    owner,
  });
  ticket.hold = { by: 'window', lookAt: 0, ...different };
  return ticket;
}

function behindRouter(hold: Partial<Hold>): PaceTicket {
  const ticket = held(hold);
  const limit = limitName('0f3a', { by: 'huggingface', scope: 'router', model: 'acme/M', payer: 'personal' });
  ticket.request = { ...ticket.request, limit, lane: laneName(limit, 'acme/M', 'personal') };
  return ticket;
}

describe('turned away:', () => {
  it('refusal and response have cause, limit and reset time', () => {
    const ticket = held({ by: 'window', until: now + 40_250 });
    const refusal = lateRefusal(ticket, 'org:acme', 'acme/Model-7B', now);
    assert.deepEqual(refusal, {
      at: now,
      status: 429,
      cause: 'rate',
      by: 'huggingface',
      scope: 'api',
      resetsAt: now + 40_250,
      billedTo: 'org:acme',
      model: 'acme/Model-7B',
      source: 'gateway',
      message:
        "Not sent by Headroom's gateway: Hugging Face's window for api requests is full, for longer than the program waits.",
    });
    const { status, code, message, headers } = lateAnswer(refusal, now);
    assert.deepEqual([status, code], [429, 'held_too_long']);
    assert.ok(
      message.endsWith(
        'for longer than the program waits. Send it again in 41 s, at 2026-11-10 12:00:41 UTC.',
      ),
    );
    assert.deepEqual(headers, [
      'x-headroom-cause',
      'rate',
      'x-headroom-resets-at',
      '2026-11-10T12:00:40.250Z',
      'retry-after',
      '41',
      'x-should-retry',
      'false',
    ]);
  });

  for (const [heldBy, cause, words] of [
    ['window', 'rate', "Groq's rate limit for acme/M is used up"],
    ['refusal', 'unknown', 'Groq refused an earlier request for acme/M, for'],
    ['unsettled', 'unsettled', "Groq holds the payer's money for requests that are not settled yet"],
    ['concurrency', 'concurrency', 'Groq takes no more requests for acme/M at once'],
  ] as const) {
    it(`heldBy ${heldBy}: the message has the reason`, () => {
      const { cause: reported, message } = lateRefusal(
        held({ by: heldBy }, 'groq', 'acme/M'),
        'key:groq',
        undefined,
        now,
      );
      assert.equal(reported, cause);
      assert.ok(message.includes(words), message);
    });
  }

  it('router limit: the model is the scope', () => {
    const ticket = behindRouter({ by: 'refusal' });
    const { scope, message } = lateRefusal(ticket, 'personal', 'acme/M', now);
    assert.equal(scope, 'acme/M');
    assert.match(message, /Hugging Face refused an earlier request for acme\/M,/);
  });

  it('held for a refusal of others: its cause and server', () => {
    const ticket = behindRouter({ by: 'refusal', refused: { cause: 'tokens', by: 'groq' } });
    const { cause, by, message } = lateRefusal(ticket, 'personal', undefined, now);
    assert.deepEqual([cause, by], ['tokens', 'groq']);
    assert.match(message, /Groq refused an earlier request for acme\/M \(its token limit\)/);
    const unknown = held({ by: 'refusal', refused: { cause: 'unknown' } });
    assert.equal(lateRefusal(unknown, 'personal', undefined, now).by, 'huggingface');
  });

  it("held for a partner's window or concurrency behind the router: the partner is named", () => {
    for (const heldBy of ['window', 'concurrency'] as const) {
      const ticket = behindRouter({ by: heldBy, provider: 'groq' });
      const { by, message } = lateRefusal(ticket, 'personal', 'acme/M', now);
      assert.equal(by, 'groq');
      assert.match(message, /Groq/);
      assert.doesNotMatch(message, /Hugging Face/);
    }
  });

  it('an unknown or past reset time is left out', () => {
    for (const until of [undefined, now, now - 1]) {
      const refusal = lateRefusal(held({ by: 'concurrency', until }), 'personal', undefined, now);
      assert.ok(!('resetsAt' in refusal));
      const { message, headers } = lateAnswer(refusal, now);
      assert.ok(message.endsWith('Send fewer at once, or later.'));
      assert.deepEqual(headers, ['x-headroom-cause', 'concurrency', 'x-should-retry', 'false']);
    }
  });

  it('Retry-After is at least 1', () => {
    const refusal = lateRefusal(held({ until: now + 1 }), 'personal', undefined, now);
    assert.deepEqual(lateAnswer(refusal, now).headers?.slice(4, 6), ['retry-after', '1']);
  });

  it('a bucket of several words is one word in RateLimit: huggingface_hub reads no other', () => {
    const ticket = held({ until: now + 2_000 }, 'huggingface', 'repo-commits');
    const refusal = lateRefusal(ticket, 'personal', undefined, now);
    const { headers } = lateAnswer(refusal, now, hubLimit(ticket, []));
    assert.deepEqual(headers?.slice(6, 8), ['ratelimit', '"repo_commits";r=0;t=2']);
  });

  for (const [action, name] of [
    ['POST models commit', 'commit'],
    ['POST repos ', 'repos'],
    ['/api/whoami-v2', 'whoami'],
  ] as const) {
    it(`a refused action has a name of its own in RateLimit, and no window: ${name}`, () => {
      const ticket = held({ by: 'refusal', until: now + 2_000 });
      const { limit } = ticket.request;
      ticket.request = { ...ticket.request, lane: laneName(limit, action) };
      const window = { bucket: 'api', limit: 1000, windowSeconds: 300, asOf: now, source: 'header' } as const;
      assert.deepEqual(hubLimit(ticket, [window]), { bucket: name });
      const { message } = lateRefusal(ticket, 'personal', undefined, now);
      assert.ok(
        message.includes(`Hugging Face refused requests of this kind (${action.trim()}), for`),
        message,
      );
    });
  }

  it('no RateLimit without a time', () => {
    const ticket = held({ by: 'concurrency' });
    const { headers } = lateAnswer(
      lateRefusal(ticket, 'personal', undefined, now),
      now,
      hubLimit(ticket, []),
    );
    assert.ok(!headers?.includes('ratelimit'));
  });

  it('cancelled: 429 with x-should-retry false', () => {
    assert.equal(cancelled.status, 429);
    assert.deepEqual(cancelled.headers, ['x-headroom-cause', 'cancelled', 'x-should-retry', 'false']);
  });
});
