import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readContents } from '../../../src/ledger/contents.ts';
import { openInMemory } from '../../../src/ledger/openDatabase.ts';
import type { Tables } from '../../../src/ledger/tables.ts';
import { expectedRefusals } from './refusalModel.ts';
import { anyRefusal, hourMs, noon, refusal } from './refusals.ts';

describe('refusals in the ledger', () => {
  let tables: Tables;
  let table: Tables['refusals'];
  beforeEach(() => {
    tables = openInMemory();
    table = tables.refusals;
  });

  it('are listed newest first, with exactly the fields that were known', () => {
    const full = refusal({
      at: noon + 1,
      limit: 1000,
      remaining: 0,
      windowSeconds: 300,
      resetsAt: noon + 300_000,
      billedTo: 'acme',
      model: 'org/model',
      program: 'python train.py',
      headers: { ratelimit: '"api";r=0;t=42' },
    });
    table.record([refusal({ at: noon + 2, cause: 'capacity' }), full, refusal()]);
    assert.deepEqual(table.last(2), [refusal({ at: noon + 2, cause: 'capacity' }), full]);
    assert.deepEqual(table.last(0), []);
  });

  it('between two times are listed newest first, both ends included, up to the count', () => {
    const [first, second, third] = [0, 1, 2].map(offset => refusal({ at: noon + offset }));
    assert.ok(first && second && third);
    table.record([first, second, third]);
    assert.deepEqual(table.between(noon, noon + 1, 9), [second, first]);
    assert.deepEqual(table.between(noon, noon + 2, 1), [third]);
  });

  it('are deleted up to a time, that time included', () => {
    const later = refusal({ at: noon + 2, cause: 'credits' });
    table.record([refusal({ at: noon - hourMs }), refusal(), refusal({ at: noon + 1 }), later]);
    table.forget(noon + 1);
    assert.deepEqual(table.last(9), [later]);
    table.forget(noon + 2);
    table.record([refusal()]);
    assert.deepEqual(table.last(9), [refusal()]);
  });

  it('seen by two sources within 2 s are one row, completed by the second', () => {
    table.record([refusal({ source: 'terminal' })]);
    table.record([refusal({ at: noon + 2_000, source: 'gateway', limit: 1000, message: 'other words' })]);
    assert.deepEqual(table.last(9), [refusal({ source: 'terminal', limit: 1000 })]);
  });

  it('seen by two sources more than 2 s apart, or with any difference, are two rows', () => {
    for (const different of [
      { at: noon + 2_001 },
      { status: 402 },
      { cause: 'tokens' },
      { by: 'together' },
      { scope: 'pages' },
      { billedTo: 'other' },
      { model: 'org/other' },
    ] as const) {
      const { refusals } = openInMemory();
      refusals.record([refusal({ source: 'terminal', billedTo: 'acme', model: 'org/model' })]);
      refusals.record([refusal({ ...different, source: 'gateway' })]);
      assert.equal(refusals.last(9).length, 2, JSON.stringify(different));
    }
  });

  it('are one row when one source knows less, in either order, with all that both knew', () => {
    const terse = refusal({ source: 'terminal', cause: 'unknown', by: 'unknown', program: 'python a.py' });
    const { scope: _, ...unnamed } = { ...terse, message: 'HTTP/2 429' };
    const full = refusal({ at: noon + 50, cause: 'tokens', by: 'groq', billedTo: 'acme', model: 'm' });
    const whole = { ...full, at: noon, source: 'terminal', program: 'python a.py' } as const;
    for (const [first, second, row] of [
      [unnamed, full, whole],
      [full, { ...unnamed, at: noon + 60 }, { ...full, program: 'python a.py' }],
    ] as const) {
      const { refusals } = openInMemory();
      refusals.record([first]);
      refusals.record([second]);
      assert.deepEqual(refusals.last(9), [row]);
    }
  });

  const sourcesOf = (one: typeof table) => one.last(9).map(({ source }) => source);

  it('of one source are a row each, and another source matches each of them once', () => {
    table.record([refusal(), refusal()]);
    assert.equal(table.last(9).length, 2);
    table.record([1, 2, 3].map(() => refusal({ source: 'terminal' })));
    assert.deepEqual(sourcesOf(table), ['terminal', 'gateway', 'gateway']);
  });

  it('are as many rows in a copy of the table, and go on matching there', () => {
    table.record([refusal(), refusal()]);
    table.record([1, 2, 3].map(() => refusal({ source: 'terminal' })));
    const copy = openInMemory().refusals;
    copy.recordSightings(readContents(tables.database).sightings);
    assert.deepEqual(sourcesOf(copy), ['terminal', 'gateway', 'gateway']);
    copy.record([refusal({ source: 'notebook' }), refusal({ source: 'terminal' })]);
    assert.deepEqual(sourcesOf(copy), ['terminal', 'terminal', 'gateway', 'gateway']);
  });

  it('of any sources are merged as the rule says, in any batches', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyRefusal, { maxLength: 12 }), { maxLength: 6 }), batches => {
        const { refusals } = openInMemory();
        for (const batch of batches) refusals.record(batch);
        assert.deepEqual(refusals.last(1_000), expectedRefusals(batches.flat()));
      }),
    );
  });
});
