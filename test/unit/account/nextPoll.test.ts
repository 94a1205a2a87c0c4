import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Attention, type Circumstances, nextPoll } from '../../../src/account/nextPoll.ts';
import { type TaskKind, tasksFor } from '../../../src/account/tasks.ts';
import type { Account } from '../../../src/limits/account/account.ts';
import { mostCountedEndpoints } from '../../../src/limits/bounds.ts';

const minute = 60_000;
const hour = 60 * minute;
/** A whole number of slots. */
const noon = Date.UTC(2026, 9, 14, 12);

const calm: Circumstances = {
  attention: 'idle',
  lastGoodAt: noon,
  nearLimit: false,
  inTransition: false,
  siblings: 1,
  jitter: 0,
};

const kinds: readonly TaskKind[] = [
  'usage',
  'live',
  'jobs',
  'zero-gpu',
  'endpoints',
  'hardware',
  'endpoint-use',
  'organization-usage',
];
const anyKind = fc.constantFrom(...kinds);
const anyAttention = fc.constantFrom<Attention>('idle', 'focused', 'watching');
const anyTime = fc.integer({ min: noon, max: noon + 24 * hour });
const anyCircumstances: fc.Arbitrary<Circumstances> = fc.record({
  attention: anyAttention,
  lastGoodAt: anyTime,
  nearLimit: fc.boolean(),
  inTransition: fc.boolean(),
  siblings: fc.integer({ min: 1, max: 60 }),
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** The shortest interval of each call, in ms. */
const floors: Record<TaskKind, number> = {
  usage: 5 * minute,
  live: 5 * minute,
  jobs: 5 * minute,
  'zero-gpu': minute,
  endpoints: minute,
  hardware: hour,
  'endpoint-use': 10 * minute,
  'organization-usage': 5 * minute,
};

describe('next poll', () => {
  const rows: [TaskKind, Attention, minutes: number][] = [
    ['usage', 'idle', 10],
    ['usage', 'watching', 5],
    ['live', 'idle', 10],
    ['jobs', 'idle', 30],
    ['zero-gpu', 'idle', 30],
    ['zero-gpu', 'watching', 2],
    ['endpoints', 'idle', 10],
    ['endpoints', 'watching', 1],
    ['hardware', 'watching', 60],
    ['organization-usage', 'idle', 60],
    ['endpoint-use', 'idle', 60],
    ['endpoint-use', 'watching', 10],
  ];
  for (const [kind, attention, minutes] of rows) {
    it(`of ${kind} comes after ${minutes} min in a window that is ${attention}`, () => {
      const { at, reason } = nextPoll(kind, { ...calm, attention });
      // Other windows wait for the end of their slot.
      assert.equal(at, noon + minutes * minute + (attention === 'watching' ? 0 : 10_000));
      assert.equal(reason, attention);
    });
  }

  it('comes at once before the first reading', () => {
    const { lastGoodAt: _, ...never } = calm;
    assert.deepEqual(nextPoll('usage', never), { at: 0, reason: 'never read' });
  });

  it('comes earlier near a limit, but not while it fails', () => {
    const near = { ...calm, nearLimit: true };
    assert.deepEqual(nextPoll('usage', near), { at: noon + 5 * minute + 10_000, reason: 'near a limit' });
    const failure = { at: noon, notBefore: noon, lasting: true };
    assert.equal(nextPoll('usage', { ...near, failure }).at, noon + 10 * minute + 10_000);
  });

  it('of a changing endpoint comes every 10 s while the window is watching', () => {
    const changing = { ...calm, inTransition: true };
    assert.equal(nextPoll('endpoints', { ...changing, attention: 'watching' }).at, noon + 10_000);
    assert.ok(nextPoll('endpoints', changing).at > noon + 10 * minute);
  });

  it('of siblings shares the pace of one, unless the window is watching', () => {
    assert.equal(nextPoll('endpoints', { ...calm, siblings: 7 }).at, noon + 70 * minute + 10_000);
    assert.equal(nextPoll('endpoints', { ...calm, siblings: 7, attention: 'watching' }).at, noon + minute);
  });

  it('never comes before the floor of its call', () => {
    fc.assert(
      fc.property(anyKind, anyCircumstances, (kind, circumstances) => {
        const changing =
          kind === 'endpoints' && circumstances.inTransition && circumstances.attention === 'watching';
        const { at } = nextPoll(kind, { ...circumstances, inTransition: changing });
        assert.ok(at >= (circumstances.lastGoodAt ?? 0) + (changing ? 10_000 : floors[kind]));
      }),
    );
  });

  it("never comes before a failure's notBefore, and soon after it for the first failures", () => {
    fc.assert(
      fc.property(
        anyKind,
        anyCircumstances,
        anyTime,
        fc.nat(hour),
        fc.boolean(),
        (kind, circumstances, failedAt, waitMs, lasting) => {
          const failure = { at: failedAt, notBefore: failedAt + waitMs, lasting };
          const { at } = nextPoll(kind, { ...circumstances, failure });
          if (lasting) assert.ok(at >= Math.max(failure.notBefore, failedAt + floors[kind]));
          else assert.equal(at, failure.notBefore);
        },
      ),
    );
  });

  it('comes in the same slot for windows with any second of the heartbeat', () => {
    fc.assert(
      fc.property(
        anyKind,
        anyCircumstances,
        fc.nat(9_999),
        fc.nat(9_999),
        (kind, circumstances, one, other) => {
          fc.pre(circumstances.attention !== 'watching');
          const at = (offset: number) => nextPoll(kind, { ...circumstances, lastGoodAt: noon + offset }).at;
          assert.equal(at(one), at(other));
        },
      ),
    );
  });

  it('adds up to at most 40 requests in an idle hour, for any number of organizations', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40 }),
        fc.boolean(),
        fc.boolean(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (organizations, nearLimit, fails, jitter) => {
          const tasks = tasksFor(member(organizations)).map(({ kind }) => ({ kind, lastAt: noon }));
          let requests = 0;
          // A day: shared calls are made less than once an hour.
          for (let now = noon; now < noon + 24 * hour; now += 10_000) {
            for (const task of tasks) {
              const siblings = tasks.filter(({ kind }) => kind === task.kind).length;
              const near = nearLimit && (task.kind === 'usage' || task.kind === 'live');
              const failure = fails && { at: task.lastAt, notBefore: task.lastAt, lasting: true };
              const circumstances = {
                ...calm,
                lastGoodAt: task.lastAt,
                nearLimit: near,
                siblings,
                jitter,
                ...(failure && { failure }),
              };
              if (nextPoll(task.kind, circumstances).at > now) continue;
              task.lastAt = now;
              // A stream that stalls costs two connections.
              if (task.kind === 'endpoint-use') requests += mostCountedEndpoints;
              else requests += fails && task.kind === 'live' ? 2 : 1;
            }
          }
          assert.ok(requests / 24 <= 40, `${requests / 24} an hour`);
        },
      ),
      { numRuns: 12 },
    );
  }).timeout(20_000);
});

/** An admin of paying organizations: the account with the most calls. */
function member(organizations: number): Account {
  return {
    id: 'id',
    name: 'ada',
    type: 'user',
    plan: 'pro',
    organizations: Array.from({ length: organizations }, (_, index) => ({
      id: `id-${index}`,
      name: `organization-${index}`,
      plan: 'team' as const,
      role: 'admin' as const,
      canPay: true,
      securityRestrictions: [],
      resourceGroups: [],
    })),
    token: { role: 'write', permissions: [] },
  };
}
