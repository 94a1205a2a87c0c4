import assert from 'node:assert/strict';
import { type AccountSetup, calls, hour, minute, second, start, withAccount } from './accountSetup.ts';

const apiFull = { windows: { api: 2500 } };

describe('account over time', () => {
  it('a refresh includes the spend of the same second', () =>
    withAccount({}, async setup => {
      const window = await setup.started();
      await setup.clock.advance(minute + 900);
      await setup.refresh(window);
      const paths = setup.emulator.requests().map(({ path }) => path);
      const path =
        paths.filter(path => path.startsWith(calls.usage) && path.includes('endDate=')).at(-1) ?? '';
      const endSeconds = Number(new URL(path, setup.emulator.hubUrl).searchParams.get('endDate'));
      assert.ok(endSeconds * 1_000 > setup.clock.now(), path);
    }));

  it('makes all calls at once, then each at its own pace, and whoami never again', () =>
    withAccount({}, async setup => {
      await setup.started();
      assert.deepEqual(new Set(setup.received()), new Set<string>([...Object.values(calls), ...acme]));
      setup.forgetRequests();
      await setup.clock.advance(minute);
      assert.deepEqual(setup.received().sort(), counts.toSorted(), 'the lists name the endpoints');
      setup.forgetRequests();
      await setup.clock.advance(9 * minute);
      assert.deepEqual(setup.received(), [], 'nothing is due before');
      await setup.clock.advance(3 * minute);
      assert.deepEqual(setup.received().sort(), [calls.usage, calls.live].sort());
      setup.forgetRequests();
      await setup.clock.advance(24 * hour);
      assert.deepEqual(setup.received(calls.whoami), []);
      assert.ok(setup.received().length <= 40 * 24, `${setup.received().length} in a day`);
    })).timeout(20_000);

  it('a window that is watching reads endpoints every minute', () =>
    withAccount({}, async setup => {
      const { service } = await setup.started();
      service.setAttention('watching');
      await setup.clock.advance(second);
      setup.forgetRequests();
      await setup.clock.advance(10 * minute);
      const { length } = setup.received(calls['endpoints/ada']);
      assert.ok(length >= 8 && length <= 10, `${length} in ten minutes`);
      assert.ok(setup.received(calls.usage).length <= 2);
    }));

  it('whoami is called again after 12 h, for a refresh only', () =>
    withAccount({}, async setup => {
      const window = setup.open();
      await setup.refresh(window);
      setup.clock.jump(11 * hour);
      await setup.refresh(window);
      assert.equal(setup.received(calls.whoami).length, 1);
      setup.clock.jump(hour);
      await setup.refresh(window);
      assert.equal(setup.received(calls.whoami).length, 2);
    }));

  it('whoami is not called for an hour after its 429, not even for a refresh', () =>
    withAccount({ patch: { whoami: { limit: 0 } } }, async setup => {
      const window = await setup.started();
      assert.equal(window.snapshot.account.problem?.kind, 'rate-limited');
      assert.equal(window.snapshot.credits.value?.usedNanoUsd, 1_020_000_000, 'the others need no name');
      for (let minutes = 0; minutes < 59; minutes++) {
        await setup.clock.advance(minute);
        if (minutes % 10 === 0) await setup.refresh(window);
      }
      assert.equal(setup.received(calls.whoami).length, 1);
      setup.emulator.world.patch({ whoami: { limit: 50 } });
      await setup.clock.advance(2 * minute);
      assert.equal(setup.received(calls.whoami).length, 2);
      assert.equal(window.snapshot.account.value?.name, 'ada');
      assert.equal(window.snapshot.endpoints.ada?.value?.length, 3, 'the namespaces follow');
    }));

  it('no call is made in an exhausted window, not even for a refresh', () =>
    withAccount({ patch: apiFull }, async setup => {
      const window = await setup.started();
      const { problem } = window.snapshot.jobs;
      assert.equal(problem?.kind, 'rate-limited');
      assert.equal(problem.retryAt, start + 5 * minute);
      const refused = setup.received('/api/settings').length;
      await setup.clock.advance(minute);
      await setup.refresh(window);
      await setup.clock.advance(3 * minute + 59 * second);
      await setup.refresh(window);
      assert.equal(setup.received('/api/settings').length, refused);
      await setup.clock.advance(12 * second);
      const { value, problem: left } = window.snapshot.jobs;
      assert.equal(left, undefined);
      assert.equal(value?.minutes, 31);
    }));

  it("a 429 of Headroom's own is recorded with bucket, remaining, reset and HF's words", () =>
    withAccount({ patch: { limits: { api: 2 } } }, async setup => {
      const window = setup.open();
      await setup.refresh(window);
      const { refusals, headerWindows } = window.snapshot;
      assert.ok(refusals.length > 0);
      for (const refusal of refusals) {
        const { at, status, cause, by, scope, remaining, limit, windowSeconds, resetsAt, source } = refusal;
        assert.deepEqual(
          { at, status, cause, by, scope, remaining, limit, windowSeconds, resetsAt, source },
          {
            at: start,
            status: 429,
            cause: 'rate',
            by: 'huggingface',
            scope: 'api',
            remaining: 0,
            limit: 2,
            windowSeconds: 300,
            resetsAt: start + 5 * minute,
            source: 'headroom',
          },
        );
        assert.match(refusal.message, /you hit the quota of 2 api requests per 5 minutes period/);
      }
      const api = headerWindows.find(({ bucket }) => bucket === 'api');
      assert.deepEqual([api?.remaining, api?.limit, api?.resetsAt], [0, 2, start + 5 * minute]);
      const sensitive = headerWindows.find(({ bucket }) => bucket === 'sensitive');
      assert.deepEqual([sensitive?.remaining, sensitive?.limit], [49, 50]);
    }));

  it('a network failure backs off, and the first response ends it for all calls', () =>
    withAccount({}, async setup => {
      const window = await setup.started();
      setup.fault({ kind: 'reset' });
      await setup.clock.advance(2.5 * hour);
      const failing = [...window.service.problems.values()];
      assert.equal(failing.length, 9, 'all but whoami');
      assert.ok(failing.every(({ kind }) => kind === 'unreachable'));
      setup.forgetRequests();
      await setup.clock.advance(hour);
      assert.ok(setup.received().length <= 40, `${setup.received().length} tries in an hour`);
      assert.equal(window.snapshot.jobs.value?.minutes, 31);

      setup.mend();
      await setup.clock.advance(12 * minute);
      assert.deepEqual([...window.service.problems], []);
    }));

  it('a first failure is retried within seconds', () =>
    withAccount({}, async setup => {
      setup.fault({ kind: 'reset', count: 20 });
      const window = await setup.started();
      assert.equal(window.snapshot.account.problem?.kind, 'unreachable');
      setup.mend();
      await setup.clock.advance(20 * second);
      assert.deepEqual([...window.service.problems], []);
      assert.equal(window.snapshot.credits.value?.usedNanoUsd, 1_020_000_000);
    }));

  it('after a night of sleep all parts are stale at once, and read once 3 s later', () =>
    withAccount({}, async setup => {
      const window = await setup.started();
      await setup.clock.advance(minute);
      setup.forgetRequests();
      setup.clock.jump(9 * hour);
      const woke = setup.clock.now();
      window.service.setAttention('focused');
      await setup.clock.advance(second);
      assert.match(window.logged.join('\n'), /Awake after 324\d\d s/);
      assert.deepEqual(setup.received(), [], 'the network is given a moment');
      assert.ok(woke - (window.snapshot.credits.asOf ?? 0) >= 9 * hour);
      await setup.clock.advance(minute);
      assert.equal(setup.received().length, 10, 'with the requests of one endpoint');
      assert.equal(new Set(setup.received()).size, 10);
      assert.ok((window.snapshot.credits.asOf ?? 0) - woke >= 3 * second);
      await setup.clock.advance(3 * minute);
      assert.equal(setup.received().length, 10);
    }));

  it('a network failure from before a sleep delays no call after it', () =>
    withAccount({}, async setup => {
      const window = await setup.started();
      setup.fault({ kind: 'reset' });
      await setup.clock.advance(3 * hour);
      setup.mend();
      setup.clock.jump(hour);
      await setup.clock.advance(30 * second);
      assert.deepEqual([...window.service.problems], []);
    }));

  it('last good values survive a restart, with their age, and fresh ones are not read again', () =>
    withAccount({}, async setup => {
      const before = await setup.started();
      await setup.clock.advance(minute);
      const { credits, gauges, hardware, headerWindows } = before.snapshot;
      await before.close();
      setup.forgetRequests();
      setup.clock.jump(5 * minute);
      setup.fault({ kind: 'reset' });
      const after = await setup.started();
      assert.deepEqual(setup.received(), []);
      assert.deepEqual(stored(after.snapshot.credits), stored(credits));
      assert.deepEqual(stored(after.snapshot.gauges), stored(gauges));
      assert.deepEqual(stored(after.snapshot.hardware), stored(hardware));
      assert.deepEqual(stored(after.snapshot.headerWindows), stored(headerWindows));
      assert.equal(after.snapshot.credits.asOf, start);
    }));

  it('an organization that the user left is neither shown nor read', () =>
    withAccount({}, async setup => {
      const window = setup.open();
      await setup.refresh(window);
      assert.ok(window.snapshot.organizationCredits.acme);
      setup.emulator.world.patch({ orgs: { acme: { members: { ada: null } } } });
      setup.clock.jump(12 * hour);
      await setup.refresh(window);
      setup.clock.jump(minute);
      setup.forgetRequests();
      await setup.refresh(window);
      assert.deepEqual(Object.keys(window.snapshot.endpoints), ['ada']);
      assert.deepEqual(window.snapshot.organizationCredits, {});
      assert.deepEqual([...window.service.problems], []);
      assert.deepEqual(
        setup.received().filter(path => path.includes('acme')),
        [],
      );
    }));
});

/** How far our clock is wrong; HF's is right. */
function ours({ clock, emulator }: AccountSetup, offMs: number): void {
  emulator.world.clock.set({ now: clock.now() - offMs });
}

/** As the ledger returns it. */
function stored<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

const acme = ['/v2/endpoint/acme', '/v2/provider/acme'];
/** Of endpoints that run until they are stopped. */
const counts = ['/v2/endpoint/ada/bert-prod/open-metrics', '/v2/endpoint/acme/chat-eu/open-metrics'];

describe('account: a clock that is an hour off', () => {
  const november = Date.UTC(2026, 10, 1);

  it('has a known skew in every window and after a restart', () =>
    withAccount({}, async setup => {
      setup.emulator.world.clock.skewMs = -hour;
      const window = await setup.started();
      const other = await setup.started();
      for (const { snapshot } of [window, other]) {
        assert.ok(Math.abs((snapshot.clockSkewMs ?? 0) + hour) < second);
      }
      setup.emulator.world.clock.skewMs = 0;
      await setup.clock.advance(15 * minute);
      for (const { snapshot } of [window, other]) {
        assert.ok(Math.abs(snapshot.clockSkewMs ?? hour) < second, 'set right again');
      }
    }));

  it('asks for no month that has not begun at HF', () =>
    withAccount({ now: november + 30 * minute }, async setup => {
      ours(setup, hour);
      const window = setup.open();
      await setup.refresh(window);
      const { path } =
        setup.emulator.requests().findLast(request => request.path.startsWith(calls.usage)) ?? {};
      const query = new URLSearchParams(path?.split('?')[1]);
      assert.equal(Number(query.get('startDate')) * 1000, Date.UTC(2026, 9, 1));
      assert.ok(Math.abs(Number(query.get('endDate')) * 1000 - (november - 30 * minute)) <= second);
    }));

  it('asks for the month that has begun at HF while ours is still the old one', () =>
    withAccount({ now: november - 30 * minute }, async setup => {
      ours(setup, -hour);
      const window = setup.open();
      await setup.refresh(window);
      const { path } =
        setup.emulator.requests().findLast(request => request.path.startsWith(calls.usage)) ?? {};
      assert.match(path ?? '', new RegExp(`startDate=${november / 1000}&`));
      assert.equal(window.snapshot.credits.value?.usedNanoUsd, 0);
    }));

  it('shows resets of windows in local time', () =>
    withAccount({ patch: apiFull }, async setup => {
      setup.emulator.world.clock.skewMs = hour;
      const window = setup.open();
      await setup.refresh(window);
      assert.equal(window.snapshot.jobs.problem?.retryAt, start + 5 * minute);
      assert.equal(
        window.snapshot.headerWindows.find(({ bucket }) => bucket === 'api')?.resetsAt,
        start + 5 * minute,
      );
    }));

  it('that is set back does not delay calls for an hour', () =>
    withAccount({}, async setup => {
      const window = await setup.started();
      setup.clock.jump(-hour);
      setup.forgetRequests();
      await setup.clock.advance(hour + 20 * second);
      assert.ok(setup.received(calls.usage).length >= 5);
      setup.clock.jump(-hour);
      setup.forgetRequests();
      await setup.refresh(window);
      assert.equal(window.snapshot.jobs.asOf, setup.clock.now());
    }));
});
