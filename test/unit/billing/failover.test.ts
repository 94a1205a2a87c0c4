import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  afterCreditsReturned,
  afterNewCredentials,
  afterNothing,
  afterRefusal,
  afterSuccess,
  afterUnable,
  attempt,
  brokenProbeMs,
  configureFailover,
  firstProbeMs,
  lastProbeMs,
  startFailover,
} from '../../../src/billing/failover.ts';
import { type BillingProfile, parseProfile, personalProfile } from '../../../src/billing/profile.ts';
import { Requests, start } from './failoverRequests.ts';

const acme = parseProfile('org:acme') as BillingProfile;
const groq = parseProfile('key:groq') as BillingProfile;
const openai = parseProfile('key:openai') as BillingProfile;

describe('failover', () => {
  it('leaves everything to the chosen one while it has money', () => {
    const requests = new Requests(startFailover(personalProfile, [acme, groq]));
    assert.deepEqual(requests.send(), ['personal']);
    assert.deepEqual(requests.said, []);
  });

  it('is off without an order', () => {
    const requests = new Requests(startFailover(personalProfile, []), ['personal']);
    assert.deepEqual(requests.send(), ['personal']);
    assert.equal(requests.state.standIn, undefined);
  });

  it('takes the next one for the refused request, once, and for those after it', () => {
    const requests = new Requests(startFailover(personalProfile, [acme, groq]), ['personal']);
    assert.deepEqual(requests.send(), ['personal', 'org:acme']);
    assert.deepEqual(requests.after(1000), ['org:acme']);
    assert.deepEqual(requests.said, ['personal > org:acme: credits']);
    assert.deepEqual(requests.state.standIn, { profile: acme, reason: 'credits', since: start });
  });

  it('does not try a third payer for the same request, but the next request does', () => {
    const requests = new Requests(startFailover(personalProfile, [acme, groq]), ['personal', 'org:acme']);
    assert.deepEqual(requests.send(), ['personal', 'org:acme']);
    assert.deepEqual(requests.after(1000), ['key:groq']);
    assert.deepEqual(requests.said, ['personal > key:groq: credits']);
  });

  it('passes the refusal on when all are without money, and does not go round', () => {
    const requests = new Requests(startFailover(personalProfile, [acme, groq]), [
      'personal',
      'org:acme',
      'key:groq',
    ]);
    requests.send();
    requests.after(1000);
    for (let count = 0; count < 10; count += 1) assert.deepEqual(requests.after(1000), ['key:groq']);
    assert.deepEqual(requests.said, []);
  });

  it('tries the chosen one again after 5 minutes, then after twice as long, up to an hour', () => {
    const requests = new Requests(startFailover(personalProfile, [acme]), ['personal']);
    requests.send();
    const probes: number[] = [];
    for (let minute = 1; minute <= 300; minute += 1) {
      if (requests.after(60_000)[0] === 'personal') probes.push(minute);
    }
    assert.deepEqual(probes, [5, 15, 35, 75, 135, 195, 255]);
    assert.deepEqual(requests.said, ['personal > org:acme: credits']);
  });

  it('lets one request at a time try it', () => {
    const requests = new Requests(startFailover(personalProfile, [acme]), ['personal']);
    requests.send();
    requests.now += firstProbeMs;
    const probe = attempt(requests.state, requests.now);
    assert.deepEqual([probe.attempt.profile, probe.attempt.probe], [personalProfile, true]);
    assert.deepEqual(attempt(probe.state, requests.now + 1000).attempt.profile, acme);
  });

  it('returns as soon as the chosen one pays', () => {
    const requests = new Requests(startFailover(personalProfile, [acme]), ['personal']);
    requests.send();
    requests.empty.clear();
    assert.deepEqual(requests.after(firstProbeMs), ['personal']);
    assert.deepEqual(requests.said, ['personal > org:acme: credits', 'org:acme > personal: returned']);
    assert.equal(requests.state.standIn, undefined);
    assert.deepEqual(requests.after(1), ['personal']);
  });

  it('does not return for an answer to what began before the refusal', () => {
    const early = attempt(startFailover(personalProfile, [acme]), start).attempt;
    const requests = new Requests(startFailover(personalProfile, [acme]), ['personal']);
    requests.now += 1000;
    requests.send();
    assert.equal(afterSuccess(requests.state, early).switched, undefined);
    const late = afterRefusal(requests.state, early, 'credits', start + 2000);
    assert.deepEqual(late.retry?.profile, acme);
    assert.equal(late.state, requests.state);
  });

  it('tries the chosen one at once in a new month, and when its credits are told to be back', () => {
    const requests = new Requests(startFailover(personalProfile, [acme]), ['personal']);
    requests.now = Date.UTC(2026, 9, 31, 23, 59, 59);
    requests.send();
    assert.deepEqual(requests.after(500), ['org:acme']);
    assert.deepEqual(requests.after(500), ['personal', 'org:acme']);
    assert.deepEqual(requests.after(500), ['org:acme']);
    requests.state = afterCreditsReturned(requests.state);
    assert.deepEqual(requests.after(500), ['personal', 'org:acme']);
  });

  it('tries a stand-in that was refused again after an hour', () => {
    const requests = new Requests(startFailover(personalProfile, [acme, groq]), ['personal', 'org:acme']);
    requests.send();
    requests.empty.add('key:groq');
    requests.after(1000);
    requests.empty.delete('org:acme');
    assert.deepEqual(requests.after(lastProbeMs), ['personal', 'key:groq']);
    assert.deepEqual(requests.after(1000), ['org:acme']);
    assert.deepEqual(requests.said, ['personal > org:acme: credits']);
  });

  it('goes on with the stand-in of a former process, unless it may no longer stand in', () => {
    const standIn = { profile: acme, reason: 'spending-limit', since: start - 60_000 } as const;
    assert.deepEqual(attempt(startFailover(personalProfile, [acme], standIn), start).attempt.profile, acme);
    assert.deepEqual(
      attempt(startFailover(personalProfile, [groq], standIn), start).attempt.profile,
      personalProfile,
    );
    assert.deepEqual(attempt(startFailover(acme, [acme], standIn), start).attempt.probe, false);
    assert.equal(startFailover(acme, [acme], standIn).standIn, undefined);
  });

  it('keeps what it knows when the configuration says the same, and begins anew else', () => {
    const requests = new Requests(startFailover(personalProfile, [acme]), ['personal']);
    requests.send();
    const { state } = requests;
    assert.equal(configureFailover(state, personalProfile, [acme], state.standIn), state);
    assert.equal(configureFailover(state, personalProfile, [acme], undefined).standIn, undefined);
    assert.deepEqual(configureFailover(state, groq, [acme], undefined).chosen, groq);
    assert.equal(configureFailover(state, personalProfile, [groq], state.standIn).standIn, undefined);
  });

  it('is none between OpenAI and the others: models have other names there', () => {
    const standIn = { profile: openai, reason: 'credits', since: start } as const;
    const instead = new Requests(startFailover(personalProfile, [openai, groq], standIn), ['personal']);
    assert.deepEqual(instead.send(), ['personal', 'key:groq']);
    const own = new Requests(startFailover(openai, [personalProfile, groq]), ['key:openai']);
    assert.deepEqual(own.send(), ['key:openai']);
    assert.deepEqual(own.said, []);
  });

  it('says a switch only when somebody was paid', () => {
    const requests = new Requests(startFailover(personalProfile, [acme]), ['personal']);
    const first = attempt(requests.state, start).attempt;
    const { state, retry } = afterRefusal(requests.state, first, 'credits', start);
    assert.deepEqual([retry?.profile, state.told], [acme, undefined]);
    assert.deepEqual(retry && afterSuccess(state, retry).switched, {
      from: personalProfile,
      to: acme,
      reason: 'credits',
    });
  });

  it('goes on to the next when nobody lets a stand-in pay, also as a third, and asks that one no more', () => {
    const requests = new Requests(startFailover(personalProfile, [acme, groq]), ['personal']);
    requests.unable.add('org:acme');
    assert.deepEqual(requests.send(), ['personal', 'org:acme', 'key:groq']);
    assert.deepEqual(requests.after(1000), ['key:groq']);
    assert.deepEqual(requests.said, ['personal > key:groq: credits']);
    requests.unable.add('key:groq');
    assert.deepEqual(requests.after(1000), ['key:groq', 'personal'], 'the chosen one answers at the end');
    assert.deepEqual(requests.after(1000), ['personal']);
    requests.state = afterNewCredentials(requests.state);
    requests.unable.clear();
    assert.deepEqual(requests.after(1000), ['personal', 'org:acme']);
    assert.equal(requests.said.at(-1), 'key:groq > org:acme: credits');
  });

  it('passes over those whose money does not go where one request goes, for that request', () => {
    const first = attempt(startFailover(personalProfile, [groq, acme]), start).attempt;
    const notGroq = (profile: BillingProfile) => profile !== groq;
    const { state, retry } = afterRefusal(
      startFailover(personalProfile, [groq, acme]),
      first,
      'credits',
      start,
      notGroq,
    );
    assert.deepEqual(retry?.profile, acme);
    const nobody = afterRefusal(startFailover(personalProfile, [groq]), first, 'credits', start, notGroq);
    assert.deepEqual([nobody.retry, nobody.state.standIn], [undefined, undefined]);
    const standing = startFailover(personalProfile, [groq, acme], {
      profile: groq,
      reason: 'credits',
      since: start,
    });
    const its = attempt(standing, start).attempt;
    const other = afterUnable(standing, its, false, start);
    assert.deepEqual([other.retry?.profile, other.state], [acme, standing]);
    assert.equal(state.refusedAt.size, 0);
  });

  it('tries the chosen one with the next request when nothing was learned of it', () => {
    const requests = new Requests(startFailover(personalProfile, [acme]), ['personal']);
    requests.send();
    requests.now += firstProbeMs;
    for (const [broken, afterMs] of [
      [false, 1],
      [true, brokenProbeMs],
    ] as const) {
      const { state, attempt: probe } = attempt(requests.state, requests.now);
      assert.equal(probe.probe, true);
      const given = afterNothing(state, probe, broken, requests.now);
      assert.equal(attempt(given, requests.now + afterMs).attempt.probe, true);
      if (broken) assert.equal(attempt(given, requests.now + afterMs - 1).attempt.probe, false);
      requests.state = given;
    }
    const { state, attempt: probe } = attempt(requests.state, requests.now + brokenProbeMs);
    const refused = afterRefusal(state, probe, 'credits', requests.now).state;
    assert.equal(afterNothing(refused, probe, false, requests.now), refused, 'it was learned');
  });

  it('survives a clock that is set back', () => {
    const requests = new Requests(startFailover(personalProfile, [acme]), ['personal']);
    requests.send();
    requests.empty.clear();
    assert.deepEqual(requests.after(-24 * 60 * 60_000), ['personal']);
  });

  it('never spends with anybody who is not in the order, and at most two pay for a request', () => {
    const profile = fc.constantFrom<string>('personal', 'org:acme', 'key:groq', 'org:other');
    const read = (text: string) => parseProfile(text) as BillingProfile;
    fc.assert(
      fc.property(
        profile,
        fc.uniqueArray(profile),
        fc.array(fc.tuple(fc.nat(2 * lastProbeMs), profile), { maxLength: 40 }),
        (chosen, order, steps) => {
          const requests = new Requests(startFailover(read(chosen), order.map(read)));
          for (const [ms, toggled] of steps) {
            if (!requests.empty.delete(toggled)) requests.empty.add(toggled);
            const tried = requests.after(ms);
            assert.ok(tried.length <= 2);
            assert.equal(new Set(tried).size, tried.length);
            for (const text of tried) assert.ok(text === chosen || order.includes(text), text);
            if (!requests.empty.has(chosen) && tried[0] === chosen)
              assert.equal(requests.state.standIn, undefined);
          }
        },
      ),
    );
  });
});
