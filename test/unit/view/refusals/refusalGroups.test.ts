import assert from 'node:assert/strict';
import fc from 'fast-check';
import { groupRefusals, programsOf, sourcesOf } from '../../../../src/view/refusals/refusalGroups.ts';
import { anyRefusal } from '../../ledger/refusals.ts';
import { fixedNow, minuteMs, refusal } from '../builders.ts';

const ended = { resetsAt: undefined } as const;
const ago = (minutes: number, change = {}) =>
  refusal({ at: fixedNow - minutes * minuteMs, ...ended, ...change });
const counts = (...refusals: Parameters<typeof groupRefusals>[0][number][]) =>
  groupRefusals(refusals).map(({ count }) => count);

describe('groupRefusals', () => {
  it('groups by limit: server, cause, scope and payer', () => {
    for (const change of [
      { by: 'together' },
      { cause: 'rate' },
      { scope: 'tokens per day' },
      { billedTo: 'org:acme' },
    ]) {
      assert.deepEqual(counts(ago(1), ago(2, change), ago(3)), [2, 1], JSON.stringify(change));
    }
    assert.deepEqual(counts(ago(1), ago(2, { source: 'gateway', limit: 7, model: 'm', program: 'p' })), [2]);
  });

  it('separates models where the limit may be the model’s', () => {
    const closed = (model: string, cause: 'rate' | 'capacity' | 'unknown') => ({
      model,
      cause,
      scope: undefined,
    });
    for (const cause of ['rate', 'capacity', 'unknown'] as const) {
      assert.deepEqual(counts(ago(1, closed('a', cause)), ago(2, closed('b', cause))), [1, 1], cause);
    }
    assert.deepEqual(
      counts(ago(1, { model: 'a', cause: 'rate' }), ago(2, { model: 'b', cause: 'rate' })),
      [2],
    );
  });

  it('adds up the refusals of episodes, from the first to the last', () => {
    const long = ago(30, { count: 40, lastAt: fixedNow });
    const [group] = groupRefusals([long, ago(5), ago(20, { model: 'm', count: 2, lastAt: fixedNow - 1 })]);
    assert.deepEqual([group?.count, group?.oldest.at, group?.newest], [43, long.at, long]);
    assert.deepEqual(counts(ago(0), ago(60, { count: 9, lastAt: fixedNow - 15 * minuteMs })), [10]);
    assert.deepEqual(counts(ago(0), ago(60, { count: 9, lastAt: fixedNow - 16 * minuteMs })), [1, 9]);
  });

  it('begins another group after 15 minutes without a refusal', () => {
    assert.deepEqual(counts(ago(0), ago(15), ago(30)), [3]);
    assert.deepEqual(counts(ago(0), ago(16)), [1, 1]);
  });

  it('continues a group while the limit is shut', () => {
    assert.deepEqual(counts(ago(0), ago(600, { resetsAt: fixedNow })), [2]);
    assert.deepEqual(counts(ago(0), ago(600, { resetsAt: fixedNow - 1 })), [1, 1]);
  });

  it('separates unknown causes by status', () => {
    const unknown = { cause: 'unknown', by: 'unknown', scope: undefined } as const;
    assert.deepEqual(counts(ago(1, unknown), ago(2, { ...unknown, status: 503 })), [1, 1]);
  });

  it('lists each program and source once', () => {
    const [group] = groupRefusals([
      ago(1, { program: 'b' }),
      ago(2, { program: 'a', source: 'gateway' }),
      ago(3, { program: 'b' }),
      ago(4),
    ]);
    assert.ok(group);
    assert.deepEqual(programsOf(group), ['b', 'a']);
    assert.deepEqual(sourcesOf(group), ['terminal', 'gateway']);
  });

  it('keeps every refusal once, newest first', () => {
    fc.assert(
      fc.property(fc.array(anyRefusal), all => {
        const refusals = all.sort((one, other) => other.at - one.at);
        const groups = groupRefusals(refusals);
        assert.deepEqual(new Set(groups.flatMap(group => group.refusals)), new Set(refusals));
        assert.equal(
          groups.reduce((sum, { count }) => sum + count, 0),
          refusals.length,
        );
        for (const { newest, oldest, refusals: own } of groups) {
          assert.deepEqual([own[0], own.at(-1)], [newest, oldest]);
          assert.deepEqual(
            own,
            refusals.filter(refusal => own.includes(refusal)),
          );
        }
        const newest = groups.map(group => group.newest.at);
        assert.deepEqual(
          newest,
          [...newest].sort((one, other) => other - one),
        );
      }),
    );
  });
});
