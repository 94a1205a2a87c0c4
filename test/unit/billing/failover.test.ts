import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  afterCreditsReturned,
  afterRefusal,
  afterSuccess,
  attempt,
  configureFailover,
  type FailoverState,
  firstProbeMs,
  lastProbeMs,
  startFailover,
} from '../../../src/billing/failover.ts';
import { type BillingProfile, formatProfile, PERSONAL, parseProfile } from '../../../src/billing/profile.ts';

const acme = parseProfile('org:acme') as BillingProfile;
const groq = parseProfile('key:groq') as BillingProfile;
const start = Date.UTC(2026, 9, 14, 12);

/** The gateway's part: requests come and are answered at once. */
class Requests {
  state: FailoverState;
  now = start;
  readonly said: string[] = [];
  /** Profiles without money. */
  readonly empty: Set<string>;

  constructor(state: FailoverState, empty: readonly string[] = []) {
    this.state = state;
    this.empty = new Set(empty);
  }

  /** The profiles that one request tried, in order. */
  send(): string[] {
    const first = attempt(this.state, this.now);
    this.state = first.state;
    const tried: string[] = [];
    for (let next: typeof first.attempt | undefined = first.attempt; next; ) {
      const text = formatProfile(next.profile);
      tried.push(text);
      const after: ReturnType<typeof afterRefusal> = this.empty.has(text)
        ? afterRefusal(this.state, next, 'credits', this.now)
        : afterSuccess(this.state, next);
      this.state = after.state;
      const { switched } = after;
      if (switched)
        this.said.push(`${formatProfile(switched.from)} > ${formatProfile(switched.to)}: ${switched.reason}`);
      next = after.retry;
    }
    return tried;
  }

  after(ms: number): string[] {
    this.now += ms;
    return this.send();
  }
}

describe('failover', () => {
  it('leaves everything to the chosen one while it has money', () => {
    const requests = new Requests(startFailover(PERSONAL, [acme, groq]));
    assert.deepEqual(requests.send(), ['personal']);
    assert.deepEqual(requests.said, []);
  });

  it('is off without an order', () => {
    const requests = new Requests(startFailover(PERSONAL, []), ['personal']);
    assert.deepEqual(requests.send(), ['personal']);
    assert.equal(requests.state.standIn, undefined);
  });

  it('takes the next one for the refused request, once, and for those after it', () => {
    const requests = new Requests(startFailover(PERSONAL, [acme, groq]), ['personal']);
    assert.deepEqual(requests.send(), ['personal', 'org:acme']);
    assert.deepEqual(requests.after(1000), ['org:acme']);
    assert.deepEqual(requests.said, ['personal > org:acme: credits']);
    assert.deepEqual(requests.state.standIn, { profile: acme, reason: 'credits', since: start });
  });

  it('does not try a third payer for the same request, but the next request does', () => {
    const requests = new Requests(startFailover(PERSONAL, [acme, groq]), ['personal', 'org:acme']);
    assert.deepEqual(requests.send(), ['personal', 'org:acme']);
    assert.deepEqual(requests.after(1000), ['key:groq']);
    assert.deepEqual(requests.said, ['personal > org:acme: credits', 'org:acme > key:groq: credits']);
  });

  it('passes the refusal on when all are without money, and does not go round', () => {
    const requests = new Requests(startFailover(PERSONAL, [acme, groq]), [
      'personal',
      'org:acme',
      'key:groq',
    ]);
    requests.send();
    requests.after(1000);
    for (let count = 0; count < 10; count += 1) assert.deepEqual(requests.after(1000), ['key:groq']);
    assert.equal(requests.said.length, 2);
  });

  it('tries the chosen one again after 5 minutes, then after twice as long, up to an hour', () => {
    const requests = new Requests(startFailover(PERSONAL, [acme]), ['personal']);
    requests.send();
    const probes: number[] = [];
    for (let minute = 1; minute <= 300; minute += 1) {
      if (requests.after(60_000)[0] === 'personal') probes.push(minute);
    }
    assert.deepEqual(probes, [5, 15, 35, 75, 135, 195, 255]);
    assert.deepEqual(requests.said, ['personal > org:acme: credits']);
  });

  it('lets one request at a time try it', () => {
    const requests = new Requests(startFailover(PERSONAL, [acme]), ['personal']);
    requests.send();
    requests.now += firstProbeMs;
    const probe = attempt(requests.state, requests.now);
    assert.deepEqual([probe.attempt.profile, probe.attempt.probe], [PERSONAL, true]);
    assert.deepEqual(attempt(probe.state, requests.now + 1000).attempt.profile, acme);
  });

  it('returns as soon as the chosen one pays', () => {
    const requests = new Requests(startFailover(PERSONAL, [acme]), ['personal']);
    requests.send();
    requests.empty.clear();
    assert.deepEqual(requests.after(firstProbeMs), ['personal']);
    assert.deepEqual(requests.said, ['personal > org:acme: credits', 'org:acme > personal: returned']);
    assert.equal(requests.state.standIn, undefined);
    assert.deepEqual(requests.after(1), ['personal']);
  });

  it('does not return for an answer to what began before the refusal', () => {
    const early = attempt(startFailover(PERSONAL, [acme]), start).attempt;
    const requests = new Requests(startFailover(PERSONAL, [acme]), ['personal']);
    requests.now += 1000;
    requests.send();
    assert.equal(afterSuccess(requests.state, early).switched, undefined);
    const late = afterRefusal(requests.state, early, 'credits', start + 2000);
    assert.deepEqual(late.retry?.profile, acme);
    assert.equal(late.switched, undefined);
    assert.equal(late.state, requests.state);
  });

  it('tries the chosen one at once in a new month, and when its credits are told to be back', () => {
    const requests = new Requests(startFailover(PERSONAL, [acme]), ['personal']);
    requests.now = Date.UTC(2026, 9, 31, 23, 59, 59);
    requests.send();
    assert.deepEqual(requests.after(500), ['org:acme']);
    assert.deepEqual(requests.after(500), ['personal', 'org:acme']);
    assert.deepEqual(requests.after(500), ['org:acme']);
    requests.state = afterCreditsReturned(requests.state);
    assert.deepEqual(requests.after(500), ['personal', 'org:acme']);
  });

  it('tries a stand-in that was refused again after an hour', () => {
    const requests = new Requests(startFailover(PERSONAL, [acme, groq]), ['personal', 'org:acme']);
    requests.send();
    requests.empty.add('key:groq');
    requests.after(1000);
    requests.empty.delete('org:acme');
    assert.deepEqual(requests.after(lastProbeMs), ['personal', 'key:groq']);
    assert.equal(requests.said.at(-1), 'key:groq > org:acme: credits');
    assert.deepEqual(requests.after(1000), ['org:acme']);
  });

  it('goes on with the stand-in of a former process, unless it may no longer stand in', () => {
    const standIn = { profile: acme, reason: 'spending-limit', since: start - 60_000 } as const;
    assert.deepEqual(attempt(startFailover(PERSONAL, [acme], standIn), start).attempt.profile, acme);
    assert.deepEqual(attempt(startFailover(PERSONAL, [groq], standIn), start).attempt.profile, PERSONAL);
    assert.deepEqual(attempt(startFailover(acme, [acme], standIn), start).attempt.probe, false);
    assert.equal(startFailover(acme, [acme], standIn).standIn, undefined);
  });

  it('keeps what it knows when the configuration says the same, and begins anew else', () => {
    const requests = new Requests(startFailover(PERSONAL, [acme]), ['personal']);
    requests.send();
    const { state } = requests;
    assert.equal(configureFailover(state, PERSONAL, [acme], state.standIn), state);
    assert.equal(configureFailover(state, PERSONAL, [acme], undefined).standIn, undefined);
    assert.deepEqual(configureFailover(state, groq, [acme], undefined).chosen, groq);
    assert.equal(configureFailover(state, PERSONAL, [groq], state.standIn).standIn, undefined);
  });

  it('survives a clock that is set back', () => {
    const requests = new Requests(startFailover(PERSONAL, [acme]), ['personal']);
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
