import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readContents } from '../../../src/ledger/contents.ts';
import { openInMemory } from '../../../src/ledger/openDatabase.ts';
import type { Tables } from '../../../src/ledger/tables.ts';
import { mostNamelessRefusalsInHour, mostRefusals, mostRefusalsInHour } from '../../../src/limits/bounds.ts';
import type { Refusal } from '../../../src/limits/refusals/refusal.ts';
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
    const [first, second, third] = [0, 1, 2].map(offset =>
      refusal({ at: noon + offset, model: `${offset}` }),
    );
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

  it('take the end of the limit from what is printed later of the same request, and from the gateway rather', () => {
    const row = refusal({ source: 'notebook' });
    const undated = { ...row, resetsAt: undefined };
    const dated = refusal({ source: 'notebook', at: noon + 900, count: 0, resetsAt: noon + 151_000 });
    for (const batches of [[[undated, dated]], [[undated], [dated]]]) {
      const { refusals } = openInMemory();
      for (const batch of batches) refusals.record(batch);
      assert.deepEqual(refusals.last(9), [{ ...row, resetsAt: noon + 151_000 }]);
      refusals.record([refusal({ at: noon + 1_000, resetsAt: noon + 150_000 })]);
      assert.deepEqual(refusals.last(9), [{ ...row, resetsAt: noon + 150_000 }]);
    }
  });

  const counts = (one: typeof table) =>
    one.last(999).map(({ source, count = 1, at, lastAt = at }) => [source, count, at - noon, lastAt - noon]);

  it('of one limit, payer and model are one row with their number and the first and last time', () => {
    table.record([0, 60_000, 90_000].map(offset => refusal({ at: noon + offset })));
    table.record([refusal({ at: noon + 120_000 })]);
    assert.deepEqual(table.last(9), [refusal({ count: 4, lastAt: noon + 120_000 })]);
  });

  it('are one row until 15 minutes pass without one, or until the limit ends, for an hour', () => {
    const minutes = (...ats: number[]) => ats.map(at => refusal({ at: noon + at * 60_000 }));
    table.record(minutes(0, 15, 31));
    assert.deepEqual(counts(table), [
      ['gateway', 1, 31 * 60_000, 31 * 60_000],
      ['gateway', 2, 0, 15 * 60_000],
    ]);
    const { refusals: dated } = openInMemory();
    dated.record([refusal({ resetsAt: noon + hourMs }), ...minutes(50, 61)]);
    assert.deepEqual(counts(dated), [
      ['gateway', 1, 61 * 60_000, 61 * 60_000],
      ['gateway', 2, 0, 50 * 60_000],
    ]);
  });

  it('tell the newest end of the limit', () => {
    table.record([
      refusal({ resetsAt: noon + 5_000 }),
      refusal({ at: noon + 4_000, resetsAt: noon + 60_000 }),
    ]);
    assert.equal(table.last(1)[0]?.resetsAt, noon + 60_000);
    table.record([refusal({ at: noon + 61_000 })]);
    assert.equal(table.last(1)[0]?.resetsAt, undefined);
  });

  it('of another payer, model, limit or program are rows of their own', () => {
    const program = { source: 'terminal', program: 'python a.py' } as const;
    table.record([refusal({ billedTo: 'acme', model: 'm' }), refusal({ at: noon + 70_000, ...program })]);
    table.record([
      refusal({ at: noon + 9_000, billedTo: 'acme' }),
      refusal({ at: noon + 9_000, model: 'm' }),
      refusal({ at: noon + 9_000, scope: 'pages' }),
      refusal({ at: noon + 9_000, ...program, program: 'python b.py', scope: 'resolvers' }),
      refusal({ at: noon + 75_000, ...program, program: 'python b.py' }),
    ]);
    assert.equal(table.last(9).length, 7);
  });

  it('of two sources are counted once: by the source that saw more', () => {
    table.record([refusal(), refusal()]);
    table.record([1, 2, 3].map(() => refusal({ source: 'host' })));
    assert.deepEqual(counts(table), [['gateway', 3, 0, 0]]);
    table.record([refusal({ at: noon + 60_000 })]);
    table.record([refusal({ at: noon + 60_500, source: 'host' })]);
    assert.deepEqual(counts(table), [['gateway', 4, 0, 60_500]]);
  });

  it('are the same rows in a copy of the table, and go on matching there', () => {
    table.record([refusal(), refusal()]);
    table.record([1, 2, 3].map(() => refusal({ source: 'host' })));
    const copy = openInMemory().refusals;
    copy.recordSightings(readContents(tables.database).sightings);
    assert.deepEqual(counts(copy), [['gateway', 3, 0, 0]]);
    copy.record([refusal({ source: 'notebook' }), refusal({ source: 'gateway' })]);
    assert.deepEqual(counts(copy), [['gateway', 3, 0, 0]]);
    copy.record([refusal({ source: 'gateway' })]);
    assert.deepEqual(counts(copy), [['gateway', 4, 0, 0]]);
  });

  describe('printed by a program behind the gateway', () => {
    const money = { status: 402, by: 'huggingface', scope: 'monthly included credits' } as const;
    const known = refusal({ ...money, cause: 'unsettled', billedTo: 'personal', model: 'org/model' });
    const printed = (at: number, change: Partial<Refusal> = {}) =>
      refusal({
        ...money,
        cause: 'credits',
        source: 'terminal',
        program: 'python a.py',
        at: noon + at,
        ...change,
      });

    it('up to a minute later are the gateway’s, with its cause and the program', () => {
      for (const delay of [0, 14_000, 40_000, 60_000]) {
        const { refusals } = openInMemory();
        refusals.record([known]);
        refusals.record([printed(delay)]);
        assert.deepEqual(refusals.last(9), [{ ...known, program: 'python a.py' }], `${delay} ms`);
      }
      table.record([known, printed(60_001)]);
      assert.equal(table.last(9).length, 2);
    });

    it('several times are counted as often as the gateway saw them', () => {
      table.record([known]);
      table.record([printed(900), printed(950), printed(1_000), printed(30_000, { source: 'notebook' })]);
      assert.deepEqual(counts(table), [['gateway', 1, 0, 0]]);
    });

    it('before the gateway’s report arrives take its cause', () => {
      table.record([printed(100)]);
      table.record([known]);
      assert.deepEqual(
        table.last(9).map(({ cause, billedTo, program }) => [cause, billedTo, program]),
        [['unsettled', 'personal', 'python a.py']],
      );
    });

    it('with a cause of another kind are others', () => {
      table.record([known, printed(900, { cause: 'spending-limit' }), printed(900, { cause: 'quota' })]);
      assert.equal(table.last(9).length, 3);
    });
  });

  it('of any kind are all counted, in any batches', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyRefusal, { maxLength: 12 }), { maxLength: 6 }), batches => {
        const { refusals } = openInMemory();
        for (const batch of batches) refusals.record(batch.map(one => ({ ...one, source: 'gateway' })));
        assert.equal(total(refusals), batches.flat().length);
      }),
    );
  });

  it('of a program behind the gateway are counted once, in either order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyRefusal, fc.boolean(), fc.integer({ min: 0, max: 2_000 })), { maxLength: 12 }),
        seen => {
          const { refusals } = openInMemory();
          for (const [index, [one, printedFirst, delay]] of seen.entries()) {
            const at = noon + index * 4_500;
            const { status, cause, by, message } = one;
            const whole = {
              ...one,
              at,
              source: 'gateway',
              billedTo: 'acme',
              model: `m${index % 3}`,
            } as const;
            const printed = { at: at + delay, status, cause, by, message, source: 'terminal' } as const;
            refusals.record(printedFirst ? [printed, whole] : [whole, printed]);
          }
          assert.equal(total(refusals), seen.length);
        },
      ),
    );
  });
});

describe('bounds of the refusals in the ledger', () => {
  it('count further names of an hour together, and still by cause, limit’s owner and payer', () => {
    const { refusals } = openInMemory();
    const named = (index: number) =>
      refusal({
        at: noon + index,
        model: `org/${index}`,
        scope: `org/${index}`,
        billedTo: index % 2 === 0 ? 'org:acme' : `own-token+org:${index}`,
      });
    const seen = Array.from({ length: 10 * mostRefusalsInHour }, (_, index) => named(index));
    for (let from = 0; from < seen.length; from += 100) refusals.record(seen.slice(from, from + 100));
    const rows = refusals.last(10_000);
    assert.equal(rows.length, mostRefusalsInHour + 2);
    assert.equal(total(refusals), seen.length);
    const rest = rows.filter(({ model }) => model === undefined);
    assert.deepEqual(
      rest.map(({ billedTo, count }) => [billedTo, count]).sort(),
      ['org:acme', 'own-token'].map(payer => [payer, (seen.length - mostRefusalsInHour) / 2]),
    );
    refusals.record([{ ...named(0), at: noon + 60_000 }]);
    assert.equal(refusals.last(1)[0]?.model, 'org/0', 'a known name is still told apart');
    refusals.record([refusal({ at: noon + 2 * hourMs, model: 'org/later' })]);
    assert.equal(refusals.last(1)[0]?.model, 'org/later', 'so is a new one in another hour');
  });

  it('count whatever else varies in the newest row of its source', () => {
    const { refusals } = openInMemory();
    const seen = Array.from({ length: 1_000 }, (_, index) =>
      refusal({ at: noon + index, by: `provider-${index}`, billedTo: `key:provider-${index}` }),
    );
    refusals.record(seen);
    assert.equal(refusals.last(10_000).length, mostRefusalsInHour + mostNamelessRefusalsInHour);
    assert.equal(total(refusals), seen.length);
  });

  it('keep the newest episodes, whatever time they took', () => {
    const { refusals } = openInMemory();
    const count = mostRefusals + 1_000;
    const seen = Array.from({ length: count }, (_, index) => refusal({ at: noon + index * 20 * 60_000 }));
    refusals.record(seen);
    const rows = refusals.last(100_000);
    assert.ok(rows.length <= mostRefusals && rows.length >= 0.95 * mostRefusals, `${rows.length}`);
    assert.equal(rows[0]?.at, seen.at(-1)?.at);
  });

  it('cut every text', () => {
    const { refusals } = openInMemory();
    const long = 'x'.repeat(100_000);
    const texts = { by: long, scope: long, billedTo: long, model: long, program: long, message: long };
    refusals.record([refusal({ ...texts, headers: { ratelimit: long } })]);
    assert.ok(JSON.stringify(refusals.last(1)).length < 3_000);
    assert.equal(refusals.last(1)[0]?.headers, undefined);
  });
});

function total(table: Tables['refusals']): number {
  return table.last(100_000).reduce((sum, { count = 1 }) => sum + count, 0);
}
