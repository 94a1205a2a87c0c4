import assert from 'node:assert/strict';
import type { Part, Snapshot } from '../../src/account/snapshot.ts';
import type { HubErrorKind } from '../../src/hub/hubError.ts';
import type { Fault } from '../emulator/faults.ts';
import { calls, hour, start, withAccount } from './accountSetup.ts';

type Call = keyof typeof calls;

/** The part of the snapshot that each call keeps fresh. */
const partOf: Record<Call, (snapshot: Snapshot) => Part<unknown> | undefined> = {
  whoami: ({ account }) => account,
  usage: ({ credits }) => credits,
  live: ({ gauges }) => gauges,
  jobs: ({ jobs }) => jobs,
  'zero-gpu': ({ zeroGpu }) => zeroGpu,
  'endpoints/ada': ({ endpoints }) => endpoints.ada,
  'hardware/ada': ({ hardware }) => hardware.ada,
  'organization-usage/acme': ({ organizationCredits }) => organizationCredits.acme,
};

/** A field whose wrong type makes the whole response unreadable. The stream's are tested below. */
const wrongField: Partial<Record<Call, string>> = {
  whoami: 'id',
  usage: 'usage.inferenceProviders.usedNanoUsd',
  jobs: 'usage.usedMicroUsd',
  'zero-gpu': 'current',
  'endpoints/ada': 'items',
  'hardware/ada': 'vendors',
  'organization-usage/acme': 'usage.inferenceProviders.usedNanoUsd',
};

function failuresOf(call: Call): [what: string, fault: Fault, kind: HubErrorKind][] {
  const path = calls[call];
  const status = (code: number, error: string): Fault => ({
    kind: 'status',
    path,
    status: code,
    body: { error },
  });
  const field = wrongField[call];
  return [
    ['401', status(401, 'Invalid credentials in Authorization header'), 'invalid-token'],
    ['403', status(403, 'This token does not have the permission'), 'missing-permission'],
    ['429', status(429, 'You have exceeded the rate limit'), 'rate-limited'],
    ['500', status(500, 'Internal Server Error'), 'server-error'],
    ['503', status(503, 'Service Unavailable'), 'server-error'],
    ['HTML', { kind: 'html', path }, 'not-json'],
    ['a connection that is reset', { kind: 'reset', path }, 'unreachable'],
    ...(field === undefined
      ? []
      : ([
          ['malformed JSON', { kind: 'malformed-json', path }, 'not-json'],
          ['half a body', { kind: 'half-body', path }, 'truncated'],
          ['a wrong type', { kind: 'wrong-type', path, field, value: {} }, 'format-changed'],
        ] as const)),
  ].map(([what, fault, kind]) => [what, fault, kind] as [string, Fault, HubErrorKind]);
}

/** Parts that the live stream has too. */
const toldByStream: readonly Call[] = ['usage', 'zero-gpu'];

describe('account: a call that fails keeps its last good value and affects no other', () => {
  for (const call of Object.keys(calls) as Call[]) {
    it(`${call}: 401, 403, 429, 5xx, HTML, resets, malformed and changed answers`, () =>
      withAccount({}, async setup => {
        const window = setup.open();
        await setup.refresh(window);
        const first = partOf[call](window.snapshot);
        assert.equal(first?.asOf, start);
        assert.notEqual(first.value, undefined);
        assert.deepEqual([...window.service.problems], []);
        let good = first;
        for (const [what, fault, kind] of failuresOf(call)) {
          // whoami is called again after 12 h only.
          setup.clock.jump(13 * hour);
          setup.fault(fault);
          await setup.refresh(window);
          const part = partOf[call](window.snapshot) ?? {};
          if (toldByStream.includes(call)) {
            assert.equal(part.asOf, setup.clock.now(), `${what}: the stream has it too`);
            assert.equal(part.problem, undefined, what);
          } else {
            assert.deepEqual(part.value, good.value, `${what}: the last good value`);
            assert.equal(part.asOf, good.asOf, `${what}: its age`);
            assert.equal(part.problem?.kind, kind, what);
          }
          const [[failing, problem] = [], ...others] = window.service.problems;
          assert.equal(failing, call, what);
          assert.equal(problem?.kind, kind, what);
          assert.equal(problem?.since, setup.clock.now(), what);
          assert.deepEqual(others, [], `${what}: the others go on`);

          setup.mend();
          setup.clock.jump(13 * hour);
          await setup.refresh(window);
          good = partOf[call](window.snapshot) ?? {};
          assert.equal(good.problem, undefined, `${what}: is over`);
          assert.equal(good.asOf, setup.clock.now(), `${what}: is over`);
        }
      })).timeout(20_000);
  }

  it("credits and ZeroGPU have the stream's age and a problem when both sources fail", () =>
    withAccount({}, async setup => {
      const window = setup.open();
      await setup.refresh(window);
      const { credits, zeroGpu } = window.snapshot;
      setup.fault({ kind: 'status', path: '/api/settings/billing', status: 503 });
      setup.fault({ kind: 'status', path: calls['zero-gpu'], status: 500 });
      setup.clock.jump(hour);
      await setup.refresh(window);
      const { problem, ...stale } = window.snapshot.credits;
      assert.deepEqual(stale, { value: credits.value, asOf: credits.asOf });
      assert.equal(problem?.status, 503);
      assert.equal(window.snapshot.zeroGpu.asOf, zeroGpu.asOf);
      assert.equal(window.snapshot.zeroGpu.problem?.status, 500);
    }));

  it('credits of the stream stay when the bill failed for an hour and the stream fails too', () =>
    withAccount({}, async setup => {
      const window = setup.open();
      await setup.refresh(window);
      setup.fault({ kind: 'status', path: calls.usage, status: 503 });
      setup.clock.jump(hour);
      await setup.refresh(window);
      const streamedAt = setup.clock.now();
      const { credits } = window.snapshot;
      assert.equal(credits.asOf, streamedAt);
      assert.equal(credits.problem, undefined);
      setup.fault({ kind: 'reset', path: calls.live });
      setup.clock.jump(hour);
      await setup.refresh(window);
      assert.equal(window.snapshot.credits.asOf, streamedAt);
      assert.equal(window.snapshot.credits.problem?.status, 503);
      assert.equal(window.snapshot.credits.value?.usedNanoUsd, 1_020_000_000);
      assert.equal(window.snapshot.credits.value?.byProvider.length, 2);
    }));

  it('an unreadable part of the stream affects no other, and the bill has the credits', () =>
    withAccount({}, async setup => {
      const window = setup.open();
      await setup.refresh(window);
      const { path, ...wrong } = { kind: 'wrong-type', path: calls.live, value: 'lots' } as const;
      setup.fault({ ...wrong, path, field: 'inference.usedNanoUsd' });
      setup.clock.jump(hour);
      await setup.refresh(window);
      const now = setup.clock.now();
      assert.equal(window.snapshot.gauges.asOf, now);
      assert.equal(window.snapshot.gauges.problem, undefined);
      assert.equal(window.snapshot.credits.value?.usedNanoUsd, 1_020_000_000);
      assert.equal(window.snapshot.credits.problem, undefined);
      assert.equal(window.service.problems.get('live')?.field, 'inference.usedNanoUsd');
    }));

  it('unreadable gauges keep the last good ones, with their age', () =>
    withAccount({}, async setup => {
      const window = setup.open();
      await setup.refresh(window);
      const { gauges } = window.snapshot;
      setup.fault({ kind: 'wrong-type', path: calls.live, field: 'rateLimits.instant', value: 'lots' });
      setup.clock.jump(hour);
      await setup.refresh(window);
      assert.deepEqual(window.snapshot.gauges.value, gauges.value);
      assert.equal(window.snapshot.gauges.asOf, start);
      assert.equal(window.snapshot.gauges.problem?.field, 'rateLimits.instant');
    }));

  it('a stream that stalls costs two connections and affects no other part', () =>
    withAccount({}, async setup => {
      const window = setup.open();
      await setup.refresh(window);
      setup.emulator.world.patch({ live: { silent: true } });
      setup.clock.jump(hour);
      setup.forgetRequests();
      const refresh = setup.refresh(window);
      await new Promise<void>(resolve => {
        const { dispose } = window.service.onDidChange(({ jobs, hardware }) => {
          if (jobs.asOf !== setup.clock.now() || hardware.ada?.asOf !== setup.clock.now()) return;
          dispose();
          resolve();
        });
      });
      const { gauges } = window.snapshot;
      assert.equal(gauges.problem, undefined, 'the others did not wait for the stream');
      await refresh;
      assert.equal(setup.received(calls.live).length, 2);
      assert.equal(window.snapshot.gauges.problem?.kind, 'timeout');
      assert.equal(window.snapshot.gauges.asOf, start);
      assert.deepEqual([...window.service.problems.keys()], ['live']);
    })).timeout(30_000);
});
