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
import { anyone, Requests, start } from './failoverRequests.ts';

const acme = parseProfile('org:acme') as BillingProfile;
const groq = parseProfile('key:groq') as BillingProfile;
const openai = parseProfile('key:openai') as BillingProfile;

describe('failover:', () => {
  it('the chosen profile pays while it has money', () => {
    const requests = new Requests(startFailover(personalProfile, [acme, groq]));
    assert.deepEqual(requests.send(), ['personal']);
    assert.deepEqual(requests.switches, []);
  });

  it('off without an order', () => {
    const requests = new Requests(startFailover(personalProfile, []), ['personal']);
    assert.deepEqual(requests.send(), ['personal']);
    assert.equal(requests.state.active?.standIn, undefined);
  });

  it('a refused request is retried once with the next profile, which also pays for later requests', () => {
    const requests = new Requests(startFailover(personalProfile, [acme, groq]), ['personal']);
    assert.deepEqual(requests.send(), ['personal', 'org:acme']);
    assert.deepEqual(requests.after(1000), ['org:acme']);
    assert.deepEqual(requests.switches, ['personal > org:acme: credits']);
    assert.deepEqual(requests.state.active?.standIn, { profile: acme, reason: 'credits', since: start });
  });

  it('a third profile is tried by the next request, not by the same one', () => {
    const requests = new Requests(startFailover(personalProfile, [acme, groq]), ['personal', 'org:acme']);
    assert.deepEqual(requests.send(), ['personal', 'org:acme']);
    assert.deepEqual(requests.after(1000), ['key:groq']);
    assert.deepEqual(requests.switches, ['personal > key:groq: credits']);
  });

  it('without money anywhere, refusals are passed on and each request tries one payer', () => {
    const requests = new Requests(startFailover(personalProfile, [acme, groq]), [
      'personal',
      'org:acme',
      'key:groq',
    ]);
    requests.send();
    requests.after(1000);
    for (let count = 0; count < 10; count += 1) assert.deepEqual(requests.after(1000), ['personal']);
    assert.deepEqual(requests.switches, []);
  });

  it('a stand-in that is refused for money does not stay, also when it has paid before', () => {
    const requests = new Requests(startFailover(personalProfile, [acme]), ['personal', 'org:acme']);
    assert.deepEqual(requests.send(), ['personal', 'org:acme']);
    assert.deepEqual(requests.after(1000), ['personal']);
    requests.empty.delete('org:acme');
    assert.deepEqual(requests.after(lastProbeMs), ['personal', 'org:acme']);
    requests.empty.add('org:acme');
    assert.deepEqual(requests.after(1000), ['org:acme']);
    assert.equal(requests.state.active, undefined);
    requests.empty.clear();
    assert.deepEqual(requests.after(1000), ['personal']);
    assert.deepEqual(requests.switches, ['personal > org:acme: credits', 'org:acme > personal: returned']);
  });

  it('a profile that could not pay for the request of a refused stand-in is tried for the next one', () => {
    const standIn = { profile: acme, reason: 'credits', since: start } as const;
    const requests = new Requests(startFailover(personalProfile, [acme, groq], standIn), ['personal']);
    const its = attempt(requests.state, start).attempt;
    requests.state = afterRefusal(requests.state, its, 'credits', start, profile => profile !== groq).state;
    assert.deepEqual(requests.after(1000), ['personal', 'key:groq']);
  });

  it('the chosen profile is probed after 5 minutes, then after twice as long, up to an hour', () => {
    const requests = new Requests(startFailover(personalProfile, [acme]), ['personal']);
    requests.send();
    const probes: number[] = [];
    for (let minute = 1; minute <= 300; minute += 1) {
      if (requests.after(60_000)[0] === 'personal') probes.push(minute);
    }
    assert.deepEqual(probes, [5, 15, 35, 75, 135, 195, 255]);
    assert.deepEqual(requests.switches, ['personal > org:acme: credits']);
  });

  it('one request at a time is the probe', () => {
    const requests = new Requests(startFailover(personalProfile, [acme]), ['personal']);
    requests.send();
    requests.now += firstProbeMs;
    const probe = attempt(requests.state, requests.now);
    assert.deepEqual([probe.attempt.profile, probe.attempt.probe], [personalProfile, true]);
    assert.deepEqual(attempt(probe.state, requests.now + 1000).attempt.profile, acme);
  });

  it('ends when a probe succeeds', () => {
    const requests = new Requests(startFailover(personalProfile, [acme]), ['personal']);
    requests.send();
    requests.empty.clear();
    assert.deepEqual(requests.after(firstProbeMs), ['personal']);
    assert.deepEqual(requests.switches, ['personal > org:acme: credits', 'org:acme > personal: returned']);
    assert.equal(requests.state.active?.standIn, undefined);
    assert.deepEqual(requests.after(1), ['personal']);
  });

  it('a success of a request that began before the refusal does not end it', () => {
    const early = attempt(startFailover(personalProfile, [acme]), start).attempt;
    const requests = new Requests(startFailover(personalProfile, [acme]), ['personal']);
    requests.now += 1000;
    requests.send();
    assert.equal(afterSuccess(requests.state, early).switched, undefined);
    const late = afterRefusal(requests.state, early, 'credits', start + 2000, anyone);
    assert.deepEqual(late.retry?.profile, acme);
    assert.equal(late.state, requests.state);
  });

  it('the chosen profile is probed at once in a new month, and after its credits returned', () => {
    const requests = new Requests(startFailover(personalProfile, [acme]), ['personal']);
    requests.now = Date.UTC(2026, 9, 31, 23, 59, 59);
    requests.send();
    assert.deepEqual(requests.after(500), ['org:acme']);
    assert.deepEqual(requests.after(500), ['personal', 'org:acme']);
    assert.deepEqual(requests.after(500), ['org:acme']);
    requests.state = afterCreditsReturned(requests.state);
    assert.deepEqual(requests.after(500), ['personal', 'org:acme']);
  });

  it('a refused stand-in is tried again after an hour', () => {
    const requests = new Requests(startFailover(personalProfile, [acme, groq]), ['personal', 'org:acme']);
    requests.send();
    requests.empty.add('key:groq');
    requests.after(1000);
    requests.empty.delete('org:acme');
    assert.deepEqual(requests.after(lastProbeMs), ['personal', 'org:acme']);
    assert.deepEqual(requests.after(1000), ['org:acme']);
    assert.deepEqual(requests.switches, ['personal > org:acme: credits']);
  });

  it('continues with the stand-in of an earlier process if that is still in the order', () => {
    const standIn = { profile: acme, reason: 'spending-limit', since: start - 60_000 } as const;
    assert.deepEqual(attempt(startFailover(personalProfile, [acme], standIn), start).attempt.profile, acme);
    assert.deepEqual(
      attempt(startFailover(personalProfile, [groq], standIn), start).attempt.profile,
      personalProfile,
    );
    assert.deepEqual(attempt(startFailover(acme, [acme], standIn), start).attempt.probe, false);
    assert.equal(startFailover(acme, [acme], standIn).active, undefined);
  });

  it('the state survives an equal configuration and is reset by another one', () => {
    const requests = new Requests(startFailover(personalProfile, [acme]), ['personal']);
    requests.send();
    const { state } = requests;
    assert.equal(configureFailover(state, personalProfile, [acme], state.active?.standIn), state);
    assert.equal(configureFailover(state, personalProfile, [acme], undefined).active, undefined);
    assert.deepEqual(configureFailover(state, groq, [acme], undefined).chosen, groq);
    assert.equal(configureFailover(state, personalProfile, [groq], state.active?.standIn).active, undefined);
  });

  it('never between OpenAI and other profiles, whose models have other names', () => {
    const standIn = { profile: openai, reason: 'credits', since: start } as const;
    const instead = new Requests(startFailover(personalProfile, [openai, groq], standIn), ['personal']);
    assert.deepEqual(instead.send(), ['personal', 'key:groq']);
    const own = new Requests(startFailover(openai, [personalProfile, groq]), ['key:openai']);
    assert.deepEqual(own.send(), ['key:openai']);
    assert.deepEqual(own.switches, []);
  });

  it('a switch is reported when the stand-in has paid, not when it is tried', () => {
    const requests = new Requests(startFailover(personalProfile, [acme]), ['personal']);
    const first = attempt(requests.state, start).attempt;
    const { state, retry } = afterRefusal(requests.state, first, 'credits', start, anyone);
    assert.deepEqual([retry?.profile, state.reported], [acme, undefined]);
    assert.deepEqual(retry && afterSuccess(state, retry).switched, {
      from: personalProfile,
      to: acme,
      reason: 'credits',
    });
  });

  it("a stand-in that can't pay is skipped, also for later requests; the chosen profile answers at the end", () => {
    const requests = new Requests(startFailover(personalProfile, [acme, groq]), ['personal']);
    requests.unable.add('org:acme');
    assert.deepEqual(requests.send(), ['personal', 'org:acme', 'key:groq']);
    assert.deepEqual(requests.after(1000), ['key:groq']);
    assert.deepEqual(requests.switches, ['personal > key:groq: credits']);
    requests.unable.add('key:groq');
    assert.deepEqual(requests.after(1000), ['key:groq', 'personal']);
    assert.deepEqual(requests.after(1000), ['personal']);
    requests.state = afterNewCredentials(requests.state);
    requests.unable.clear();
    assert.deepEqual(requests.after(1000), ['personal', 'org:acme']);
    assert.equal(requests.switches.at(-1), 'key:groq > org:acme: credits');
  });

  it("profiles that can't pay for one request are skipped for that request only", () => {
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
    const none = afterRefusal(startFailover(personalProfile, [groq]), first, 'credits', start, notGroq);
    assert.deepEqual([none.retry, none.state.active?.standIn], [undefined, undefined]);
    const standing = startFailover(personalProfile, [groq, acme], {
      profile: groq,
      reason: 'credits',
      since: start,
    });
    const its = attempt(standing, start).attempt;
    const other = afterUnable(standing, its, false, start, anyone);
    assert.deepEqual([other.retry?.profile, other.state], [acme, standing]);
    assert.equal(state.refusedAt.size, 0);
  });

  it('a probe that learned nothing is repeated by the next request, after 30 s if the server failed', () => {
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
    const refused = afterRefusal(state, probe, 'credits', requests.now, anyone).state;
    assert.equal(afterNothing(refused, probe, false, requests.now), refused);
  });

  it('a probe of an earlier failover says nothing about a later one', () => {
    const requests = new Requests(startFailover(personalProfile, [acme]), ['personal']);
    requests.send();
    requests.now += firstProbeMs;
    const { state, attempt: probe } = attempt(requests.state, requests.now);
    requests.state = state;
    requests.unable.add('org:acme');
    assert.deepEqual(requests.send(), ['org:acme', 'personal']);
    requests.unable.clear();
    requests.state = afterNewCredentials(requests.state);
    assert.deepEqual(requests.send(), ['personal', 'org:acme']);
    assert.equal(afterNothing(requests.state, probe, false, requests.now), requests.state);
  });

  it('a clock that is set back does not put off the probe', () => {
    const requests = new Requests(startFailover(personalProfile, [acme]), ['personal']);
    requests.send();
    requests.empty.clear();
    assert.deepEqual(requests.after(-24 * 60 * 60_000), ['personal']);
  });

  it('only the chosen profile and the order pay, and at most two of them are tried for a request (property)', () => {
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
              assert.equal(requests.state.active?.standIn, undefined);
          }
        },
      ),
    );
  });
});
