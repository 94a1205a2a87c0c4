import assert from 'node:assert/strict';
import { type AccountWorld, calls, hour, inWorld, minute, second, start } from './accountWorld.ts';

const apiFull = { windows: { api: 2500 } };

describe('account over time', () => {
  it('a refresh includes the spend of the same second', () =>
    inWorld({}, async world => {
      const window = await world.started();
      await world.clock.advance(minute + 900);
      await world.refresh(window);
      const paths = world.emulator.requests().map(({ path }) => path);
      const path =
        paths.filter(path => path.startsWith(calls.usage) && path.includes('endDate=')).at(-1) ?? '';
      const endSeconds = Number(new URL(path, world.emulator.hubUrl).searchParams.get('endDate'));
      assert.ok(endSeconds * 1_000 > world.clock.now(), path);
    }));

  it('makes all calls at once, then each at its own pace, and whoami never again', () =>
    inWorld({}, async world => {
      await world.started();
      assert.deepEqual(new Set(world.received()), new Set<string>([...Object.values(calls), ...acme]));
      world.forgetRequests();
      await world.clock.advance(9 * minute);
      assert.deepEqual(world.received(), [], 'nothing is due before');
      await world.clock.advance(3 * minute);
      assert.deepEqual(world.received().sort(), [calls.usage, calls.live].sort());
      world.forgetRequests();
      await world.clock.advance(24 * hour);
      assert.deepEqual(world.received(calls.whoami), []);
      assert.ok(world.received().length <= 40 * 24, `${world.received().length} in a day`);
    })).timeout(20_000);

  it('a window that is watching reads endpoints every minute', () =>
    inWorld({}, async world => {
      const { service } = await world.started();
      service.setAttention('watching');
      await world.clock.advance(second);
      world.forgetRequests();
      await world.clock.advance(10 * minute);
      const { length } = world.received(calls['endpoints/ada']);
      assert.ok(length >= 8 && length <= 10, `${length} in ten minutes`);
      assert.ok(world.received(calls.usage).length <= 2);
    }));

  it('whoami is called again after 12 h, for a refresh only', () =>
    inWorld({}, async world => {
      const window = world.open();
      await world.refresh(window);
      world.clock.jump(11 * hour);
      await world.refresh(window);
      assert.equal(world.received(calls.whoami).length, 1);
      world.clock.jump(hour);
      await world.refresh(window);
      assert.equal(world.received(calls.whoami).length, 2);
    }));

  it('whoami is not called for an hour after its 429, not even for a refresh', () =>
    inWorld({ patch: { whoami: { limit: 0 } } }, async world => {
      const window = await world.started();
      assert.equal(window.snapshot.account.problem?.kind, 'rate-limited');
      assert.equal(window.snapshot.credits.value?.usedNanoUsd, 1_020_000_000, 'the others need no name');
      for (let minutes = 0; minutes < 59; minutes++) {
        await world.clock.advance(minute);
        if (minutes % 10 === 0) await world.refresh(window);
      }
      assert.equal(world.received(calls.whoami).length, 1);
      world.emulator.world.patch({ whoami: { limit: 50 } });
      await world.clock.advance(2 * minute);
      assert.equal(world.received(calls.whoami).length, 2);
      assert.equal(window.snapshot.account.value?.name, 'ada');
      assert.equal(window.snapshot.endpoints.ada?.value?.length, 3, 'the namespaces follow');
    }));

  it('no call is made in an exhausted window, not even for a refresh', () =>
    inWorld({ patch: apiFull }, async world => {
      const window = await world.started();
      const { problem } = window.snapshot.jobs;
      assert.equal(problem?.kind, 'rate-limited');
      assert.equal(problem.retryAt, start + 5 * minute);
      const refused = world.received('/api/settings').length;
      await world.clock.advance(minute);
      await world.refresh(window);
      await world.clock.advance(3 * minute + 59 * second);
      await world.refresh(window);
      assert.equal(world.received('/api/settings').length, refused);
      await world.clock.advance(12 * second);
      const { value, problem: left } = window.snapshot.jobs;
      assert.equal(left, undefined);
      assert.equal(value?.minutes, 31);
    }));

  it("a 429 of Headroom's own is recorded with bucket, remaining, reset and HF's words", () =>
    inWorld({ patch: { limits: { api: 2 } } }, async world => {
      const window = world.open();
      await world.refresh(window);
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
    inWorld({}, async world => {
      const window = await world.started();
      world.fault({ kind: 'reset' });
      await world.clock.advance(2.5 * hour);
      const failing = [...window.service.problems.values()];
      assert.equal(failing.length, 9, 'all but whoami');
      assert.ok(failing.every(({ kind }) => kind === 'unreachable'));
      world.forgetRequests();
      await world.clock.advance(hour);
      assert.ok(world.received().length <= 40, `${world.received().length} tries in an hour`);
      assert.equal(window.snapshot.jobs.value?.minutes, 31);

      world.mend();
      await world.clock.advance(12 * minute);
      assert.deepEqual([...window.service.problems], []);
    }));

  it('a first failure is retried within seconds', () =>
    inWorld({}, async world => {
      world.fault({ kind: 'reset', count: 20 });
      const window = await world.started();
      assert.equal(window.snapshot.account.problem?.kind, 'unreachable');
      world.mend();
      await world.clock.advance(20 * second);
      assert.deepEqual([...window.service.problems], []);
      assert.equal(window.snapshot.credits.value?.usedNanoUsd, 1_020_000_000);
    }));

  it('after a night of sleep all parts are stale at once, and read once 3 s later', () =>
    inWorld({}, async world => {
      const window = await world.started();
      await world.clock.advance(minute);
      world.forgetRequests();
      world.clock.jump(9 * hour);
      const woke = world.clock.now();
      window.service.setAttention('focused');
      await world.clock.advance(second);
      assert.match(window.logged.join('\n'), /Awake after 324\d\d s/);
      assert.deepEqual(world.received(), [], 'the network is given a moment');
      assert.ok(woke - (window.snapshot.credits.asOf ?? 0) >= 9 * hour);
      await world.clock.advance(minute);
      assert.equal(world.received().length, 9);
      assert.equal(new Set(world.received()).size, 9);
      assert.ok((window.snapshot.credits.asOf ?? 0) - woke >= 3 * second);
      await world.clock.advance(3 * minute);
      assert.equal(world.received().length, 9);
    }));

  it('a network failure from before a sleep delays no call after it', () =>
    inWorld({}, async world => {
      const window = await world.started();
      world.fault({ kind: 'reset' });
      await world.clock.advance(3 * hour);
      world.mend();
      world.clock.jump(hour);
      await world.clock.advance(30 * second);
      assert.deepEqual([...window.service.problems], []);
    }));

  it('last good values survive a restart, with their age, and fresh ones are not read again', () =>
    inWorld({}, async world => {
      const before = await world.started();
      const { credits, gauges, hardware, headerWindows } = before.snapshot;
      await before.close();
      world.forgetRequests();
      world.clock.jump(5 * minute);
      world.fault({ kind: 'reset' });
      const after = await world.started();
      assert.deepEqual(world.received(), []);
      assert.deepEqual(stored(after.snapshot.credits), stored(credits));
      assert.deepEqual(stored(after.snapshot.gauges), stored(gauges));
      assert.deepEqual(stored(after.snapshot.hardware), stored(hardware));
      assert.deepEqual(stored(after.snapshot.headerWindows), stored(headerWindows));
      assert.equal(after.snapshot.credits.asOf, start);
    }));

  it('an organization that the user left is neither shown nor read', () =>
    inWorld({}, async world => {
      const window = world.open();
      await world.refresh(window);
      assert.ok(window.snapshot.organizationCredits.acme);
      world.emulator.world.patch({ orgs: { acme: { members: { ada: null } } } });
      world.clock.jump(12 * hour);
      await world.refresh(window);
      world.clock.jump(minute);
      world.forgetRequests();
      await world.refresh(window);
      assert.deepEqual(Object.keys(window.snapshot.endpoints), ['ada']);
      assert.deepEqual(window.snapshot.organizationCredits, {});
      assert.deepEqual([...window.service.problems], []);
      assert.deepEqual(
        world.received().filter(path => path.includes('acme')),
        [],
      );
    }));
});

/** How far our clock is wrong; HF's is right. */
function ours({ clock, emulator }: AccountWorld, offMs: number): void {
  emulator.world.clock.set({ now: clock.now() - offMs });
}

/** As the ledger returns it. */
function stored<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

const acme = ['/v2/endpoint/acme', '/v2/provider/acme'];

describe('account: a clock that is an hour off', () => {
  const november = Date.UTC(2026, 10, 1);

  it('has a known skew in every window and after a restart', () =>
    inWorld({}, async world => {
      world.emulator.world.clock.skewMs = -hour;
      const window = await world.started();
      const other = await world.started();
      for (const { snapshot } of [window, other]) {
        assert.ok(Math.abs((snapshot.clockSkewMs ?? 0) + hour) < second);
      }
      world.emulator.world.clock.skewMs = 0;
      await world.clock.advance(15 * minute);
      for (const { snapshot } of [window, other]) {
        assert.ok(Math.abs(snapshot.clockSkewMs ?? hour) < second, 'set right again');
      }
    }));

  it('asks for no month that has not begun at HF', () =>
    inWorld({ now: november + 30 * minute }, async world => {
      ours(world, hour);
      const window = world.open();
      await world.refresh(window);
      const { path } =
        world.emulator.requests().findLast(request => request.path.startsWith(calls.usage)) ?? {};
      const query = new URLSearchParams(path?.split('?')[1]);
      assert.equal(Number(query.get('startDate')) * 1000, Date.UTC(2026, 9, 1));
      assert.ok(Math.abs(Number(query.get('endDate')) * 1000 - (november - 30 * minute)) <= second);
    }));

  it('asks for the month that has begun at HF while ours is still the old one', () =>
    inWorld({ now: november - 30 * minute }, async world => {
      ours(world, -hour);
      const window = world.open();
      await world.refresh(window);
      const { path } =
        world.emulator.requests().findLast(request => request.path.startsWith(calls.usage)) ?? {};
      assert.match(path ?? '', new RegExp(`startDate=${november / 1000}&`));
      assert.equal(window.snapshot.credits.value?.usedNanoUsd, 0);
    }));

  it('shows resets of windows in local time', () =>
    inWorld({ patch: apiFull }, async world => {
      world.emulator.world.clock.skewMs = hour;
      const window = world.open();
      await world.refresh(window);
      assert.equal(window.snapshot.jobs.problem?.retryAt, start + 5 * minute);
      assert.equal(
        window.snapshot.headerWindows.find(({ bucket }) => bucket === 'api')?.resetsAt,
        start + 5 * minute,
      );
    }));

  it('that is set back does not delay calls for an hour', () =>
    inWorld({}, async world => {
      const window = await world.started();
      world.clock.jump(-hour);
      world.forgetRequests();
      await world.clock.advance(hour + 20 * second);
      assert.ok(world.received(calls.usage).length >= 5);
      world.clock.jump(-hour);
      world.forgetRequests();
      await world.refresh(window);
      assert.equal(window.snapshot.jobs.asOf, world.clock.now());
    }));
});
