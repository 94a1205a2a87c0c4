import assert from 'node:assert/strict';
import fc from 'fast-check';
import { transaction } from '../../../src/ledger/locking.ts';
import { openInMemory } from '../../../src/ledger/openDatabase.ts';
import type { Tables } from '../../../src/ledger/tables.ts';
import { hoursOf, isRefused, isUncosted } from '../../../src/ledger/tallyHours.ts';
import { tallyTable } from '../../../src/ledger/tallyTable.ts';
import { quartersOf } from '../../../src/ledger/workspaceQuarters.ts';
import {
  mostNamesInHour,
  mostPayersInHour,
  mostSums,
  mostTallies,
  mostWorkspaceSums,
} from '../../../src/limits/bounds.ts';
import type { RequestTally, TallyTotal } from '../../../src/limits/requests/requestTally.ts';
import { dayMs, hourMs, noon } from './refusals.ts';
import { anyTally, billingSwitch, ever, sorted, tally, tallyHour, total } from './tallies.ts';

function record({ tallies: table }: Tables, tallies: readonly RequestTally[]): void {
  table.write(tallies, hoursOf(tallies), quartersOf(tallies));
}

describe('request tallies in the ledger', () => {
  it('are listed last recorded first, with exactly the fields that were known', () => {
    const tables = openInMemory();
    const bare: RequestTally = { at: noon - 9, status: 0, billedTo: 'own-token', durationMs: 0.5 };
    record(tables, [tally(), tally({ at: noon + 1, costNanoUsd: 0 })]);
    record(tables, [bare]);
    assert.deepEqual(tables.tallies.last(2), [bare, tally({ at: noon + 1, costNanoUsd: 0 })]);
    assert.deepEqual(tables.tallies.last(0), []);
    assert.equal(tables.tallies.last(9).length, 3);
  });

  it('are added up by payer, provider and model, the last two of which may be unknown', () => {
    const tables = openInMemory();
    const different = [
      {},
      { billedTo: 'org:acme' },
      { provider: 'groq' },
      { model: 'org/other' },
      { model: undefined },
      { provider: undefined },
      { provider: undefined, model: undefined },
    ];
    record(
      tables,
      [...different, ...different].map(fields => known(tally(fields))),
    );
    const twice = { requests: 2, promptTokens: 1000, completionTokens: 180, costNanoUsd: 240_000 };
    assert.deepEqual(
      sorted(tables.tallies.totals(0)),
      sorted(different.map(fields => known(total({ ...twice, ...fields })))),
    );
  });

  it('are added up by workspace since a time, without refused and failed ones', () => {
    const tables = openInMemory();
    const here = { workspace: 'here' };
    record(tables, [
      tally({ ...here, at: noon - 1 }),
      tally(here),
      tally({ ...here, costNanoUsd: undefined }),
      ...[0, 402, 429, 500].map(status => tally({ ...here, status })),
      tally({ workspace: 'elsewhere' }),
      tally(),
    ]);
    const used = { requests: 2, costNanoUsd: 120_000, uncosted: 1 };
    assert.deepEqual(tables.workspaces.used('here', noon), used);
    assert.deepEqual(tables.workspaces.used('nowhere', noon), { requests: 0, costNanoUsd: 0, uncosted: 0 });
    assert.deepEqual(tables.tallies.last(1)[0], tally());
    assert.equal(tables.tallies.last(9).filter(({ workspace }) => workspace === 'here').length, 7);
  });

  it('of a workspace are told to the quarter of an hour, at which a day may begin', () => {
    const tables = openInMemory();
    const quarterMs = hourMs / 4;
    record(
      tables,
      [0, 1, 2, 3, 4].map(quarter => tally({ workspace: 'here', at: noon + quarter * quarterMs - 1 })),
    );
    const since = [-1, 0, 1, 3, 4].map(quarter => noon + quarter * quarterMs);
    const counts = since.map(at => tables.workspaces.used('here', at).requests);
    assert.deepEqual(counts, [5, 4, 3, 1, 0]);
  });

  it('of a workspace outlive the tallies', () => {
    const tables = openInMemory();
    record(tables, [tally({ workspace: 'here' })]);
    tables.database.exec('DELETE FROM request_tallies');
    assert.equal(tables.workspaces.used('here', noon).requests, 1);
  });

  it('count 402 and 429 as refused, and only answers without an error as of unknown cost', () => {
    const tables = openInMemory();
    const unknown = { promptTokens: undefined, completionTokens: undefined, costNanoUsd: undefined };
    record(tables, [
      ...[402, 429].map(status => tally({ ...unknown, status })),
      ...[400, 404, 500, 503].map(status => tally({ ...unknown, status })),
      ...[0, 200].map(status => tally({ ...unknown, status })),
      tally({ costNanoUsd: 0 }),
    ]);
    assert.deepEqual(tables.tallies.totals(0), [
      total({ requests: 9, refused: 2, uncosted: 2, costNanoUsd: 0 }),
    ]);
  });

  it('are added up from the hour of `since` on', () => {
    const tables = openInMemory();
    record(tables, [
      tally({ at: noon - 1, costNanoUsd: 1 }),
      tally({ costNanoUsd: 20 }),
      tally({ at: noon + hourMs, costNanoUsd: 300 }),
    ]);
    const costs = [noon - 1, noon + 59 * 60_000, noon + hourMs, noon + 2 * hourMs].map(since =>
      tables.tallies.totals(since).map(({ costNanoUsd }) => costNanoUsd),
    );
    assert.deepEqual(costs, [[321], [320], [300], []]);
  });

  it('are written apart from their hours', () => {
    const tables = openInMemory();
    tables.tallies.write([tally()], [tallyHour({ requests: 7 })], []);
    tables.tallies.write([], [tallyHour({ hour: noon - hourMs, requests: 1 })], []);
    assert.deepEqual(tables.tallies.last(9), [tally()]);
    assert.equal(tables.tallies.totals(noon)[0]?.requests, 7);
    assert.equal(tables.tallies.totals(0)[0]?.requests, 8);
  });

  it('beyond 2^53 tokens and nano-USD can still be read', () => {
    const tables = openInMemory();
    const absurd = { promptTokens: 2 ** 53, completionTokens: 1e300, costNanoUsd: 2 ** 53 };
    record(tables, [tally(absurd), tally(absurd)]);
    record(tables, [tally(absurd)]);
    assert.deepEqual(tables.tallies.last(1), [tally(absurd)]);
    assert.equal(tables.tallies.totals(0)[0]?.costNanoUsd, 3 * 2 ** 53);
  });

  it('add up to what a scan counts, in any order and batches', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyTally, { maxLength: 12 }), { maxLength: 6 }), batches => {
        const tables = openInMemory();
        for (const batch of batches) record(tables, batch);
        const rows = tables.tallies.last(1_000);
        assert.deepEqual(rows, batches.flat().reverse());
        for (const since of [0, noon - 2 * hourMs, noon]) {
          const hour = Math.floor(since / hourMs) * hourMs;
          const counted = rows.filter(({ at }) => at >= hour);
          const groups = Map.groupBy(counted, one => JSON.stringify([one.billedTo, one.provider, one.model]));
          assert.deepEqual(sorted(tables.tallies.totals(since)), sorted([...groups.values()].map(scanned)));
        }
      }),
    );
  });
});

describe('bounds of the sums of request tallies', () => {
  const amounts = (totals: readonly TallyTotal[]) =>
    ['requests', 'refused', 'promptTokens', 'completionTokens', 'costNanoUsd', 'uncosted'].map(key =>
      totals.reduce((sum, total) => sum + total[key as 'requests'], 0),
    );

  it('keep the first names of an hour, and add the rest to one sum of each payer', () => {
    const tables = openInMemory();
    const tallies = Array.from({ length: 3 * mostNamesInHour }, (_, index) =>
      tally({ model: `org/${index}`, billedTo: index % 2 === 0 ? 'personal' : 'org:acme' }),
    );
    for (let from = 0; from < tallies.length; from += 50) record(tables, tallies.slice(from, from + 50));
    const totals = tables.tallies.totals(0);
    assert.equal(totals.length, mostNamesInHour + 2);
    const rest = totals.filter(({ model }) => model === undefined);
    assert.deepEqual(
      sorted(rest).map(({ billedTo, requests }) => [billedTo, requests]),
      [
        ['org:acme', mostNamesInHour],
        ['personal', mostNamesInHour],
      ],
    );
    record(tables, [tally({ at: noon + hourMs, model: 'org/other' })]);
    assert.equal(tables.tallies.totals(noon + hourMs)[0]?.model, 'org/other');
  });

  it('hold for processes that write one hour in turns', () => {
    const one = openInMemory();
    const tables = [one, { ...one, tallies: tallyTable(one.database, () => {}, one.workspaces.add) }];
    for (let index = 0; index < 3 * mostNamesInHour; index++) {
      const of = tables[index % 2] ?? one;
      record(of, [tally({ model: `org/${index}` })]);
    }
    assert.equal(one.tallies.totals(0).length, mostNamesInHour + 1);
  });

  it('lose no amount, whatever varies', () => {
    const varied = fc
      .tuple(anyTally, fc.nat(400), fc.nat(60), fc.boolean())
      .map(([one, name, payer, isCaller]) => ({
        ...one,
        at: noon - (name % 2) * hourMs,
        model: `org/${name}`,
        billedTo: `${isCaller ? 'own-token+' : ''}org:${payer}`,
      }));
    fc.assert(
      fc.property(fc.array(varied, { minLength: 300, maxLength: 600 }), tallies => {
        const tables = openInMemory();
        const whole = hoursOf(tallies);
        for (let from = 0; from < tallies.length; from += 100) {
          record(tables, tallies.slice(from, from + 100));
        }
        assert.deepEqual(amounts(tables.tallies.totals(0)), amounts(whole));
        for (const hour of [noon - hourMs, noon]) {
          assert.ok(rowsOf(tables, hour) <= mostNamesInHour + 2 * mostPayersInHour + 2);
        }
        tables.database.close();
      }),
      { numRuns: 20 },
    );
  });

  it('are reached from an older program’s table step by step, without a loss for any month', () => {
    const tables = openInMemory();
    const add = tables.database.prepare(
      `INSERT INTO request_hours (hour, billed_to, provider, model, requests, refused, prompt_tokens,
         completion_tokens, cost_nano_usd, uncosted) VALUES (?, ?, ?, ?, 1, 1, 10, 5, 7, 1)`,
    );
    transaction(tables.database, () => {
      for (let index = 0; index < 5_000; index++) add.run(noon, 'own-token', 'groq', `org/${index}`);
      for (let index = 0; index < 500; index++) add.run(noon, `own-token+org:${index}`, '', '');
      for (let index = 0; index < 500; index++) add.run(noon - hourMs, `org:${index}`, '', '');
      for (let index = 0; index < mostSums; index++) {
        add.run(noon - (2 + Math.floor(index / 10)) * hourMs, 'personal', 'groq', `org/${index % 10}`);
      }
    });
    const months = [0, 1, 2, 3, 4, 5, 6].map(month => Date.UTC(2025, 10 + month));
    const sums = () => months.map(month => amounts(tables.tallies.totals(month)));
    const before = sums();
    let steps = 1;
    while (tables.tallies.fold(1_000)) steps += 1;
    assert.ok(steps < 100, `${steps} steps`);
    assert.deepEqual(sums(), before);
    const all = tables.database.prepare('SELECT count(*) AS n FROM request_hours').get()?.n;
    assert.ok(Number(all) <= mostSums, `${all}`);
    for (const hour of [noon, noon - hourMs]) {
      assert.ok(
        rowsOf(tables, hour) <= mostNamesInHour + 2 * mostPayersInHour + 2,
        `${rowsOf(tables, hour)}`,
      );
    }
    const [{ model } = {}] = tables.tallies
      .totals(noon - 2 * hourMs)
      .filter(one => one.billedTo === 'personal');
    assert.match(model ?? '', /^org/, 'newer days keep their names');
    tables.database.close();
  });

  it('keep the names of old days when hours become days', () => {
    const tables = openInMemory();
    const add = tables.database.prepare(
      `INSERT INTO request_hours (hour, billed_to, provider, model, requests, refused, prompt_tokens,
         completion_tokens, cost_nano_usd, uncosted, timed, duration_ms)
       VALUES (?, 'personal', 'groq', ?, 1, 0, 10, 5, 7, 0, 1, 30)`,
    );
    const day = noon - 12 * hourMs;
    transaction(tables.database, () => {
      for (let hour = 0; hour <= mostSums / 10; hour++) {
        for (let model = 0; model < 10; model++) add.run(day - hour * hourMs, `org/${model}`);
      }
    });
    while (tables.tallies.fold(1_000));
    const oldDay = Math.floor((day - (mostSums / 10 - 30) * hourMs) / dayMs) * dayMs;
    const totals = tables.tallies.between({ from: oldDay, until: oldDay + dayMs });
    assert.equal(totals.length, 10);
    const [{ model, requests, timed, durationMs } = assert.fail()] = totals;
    assert.deepEqual([model, requests, timed, durationMs], ['org/0', 24, 24, 24 * 30]);
    assert.equal(rowsOf(tables, oldDay), 10);
    assert.equal(rowsOf(tables, oldDay + hourMs), 0);
    assert.equal(rowsOf(tables, day - hourMs), 10, 'newer hours stay');
    tables.database.close();
  });

  it('by workspace tell payers apart', () => {
    const tables = openInMemory();
    const each = { quarter: noon, workspace: 'here', requests: 1, costNanoUsd: 7, uncosted: 0 };
    transaction(tables.database, () => {
      tables.workspaces.add({ ...each, billedTo: 'personal' });
      tables.workspaces.add({ ...each, billedTo: 'org:acme', uncosted: 1 });
      tables.workspaces.add({ ...each, billedTo: 'personal', workspace: 'there' });
    });
    assert.deepEqual(tables.workspaces.payers('here', noon), [
      { billedTo: 'org:acme', costNanoUsd: 7, uncosted: 1 },
      { billedTo: 'personal', costNanoUsd: 7, uncosted: 0 },
    ]);
    assert.deepEqual(tables.workspaces.payers('here', noon + hourMs), []);
    tables.database.close();
  });

  it('by workspace are days when they are many, and nothing is lost', () => {
    const tables = openInMemory();
    const quarterMs = hourMs / 4;
    const each = { workspace: 'here', requests: 1, costNanoUsd: 7, uncosted: 0 };
    const whole = { from: 0, until: noon + 1 };
    transaction(tables.database, () => {
      for (let quarter = 0; quarter <= mostWorkspaceSums; quarter++) {
        tables.workspaces.add({ ...each, billedTo: 'personal', quarter: noon - quarter * quarterMs });
      }
    });
    while (tables.workspaces.fold(1_000));
    const all = mostWorkspaceSums + 1;
    assert.deepEqual(tables.workspaces.between(whole), [{ ...each, requests: all, costNanoUsd: 7 * all }]);
    const rows = Number(tables.database.prepare('SELECT count(*) AS n FROM workspace_quarters').get()?.n);
    assert.ok(rows <= mostWorkspaceSums && rows > 0.9 * mostWorkspaceSums, `${rows}`);
    assert.equal(tables.workspaces.used('here', noon - quarterMs).requests, 2);
    tables.database.close();
  });

  it('by workspace go, the oldest days first, when even their days are too many', () => {
    const tables = openInMemory();
    const day = noon - 12 * hourMs;
    transaction(tables.database, () => {
      for (let index = 0; index <= mostWorkspaceSums; index++) {
        const quarter = day - (index % 300) * dayMs;
        const counted = { billedTo: 'personal', requests: 1, costNanoUsd: 7, uncosted: 0 };
        tables.workspaces.add({ quarter, workspace: `w${index}`, ...counted });
      }
    });
    while (tables.workspaces.fold(1_000));
    assert.equal(tables.workspaces.used('w0', day).requests, 1);
    assert.equal(tables.workspaces.used('w299', 0).requests, 0);
    tables.database.close();
  });

  function rowsOf(tables: Tables, hour: number): number {
    const count = tables.database.prepare('SELECT count(*) AS n FROM request_hours WHERE hour = ?');
    return Number(count.get(hour)?.n);
  }
});

describe('billing switches in the ledger', () => {
  it('are the last ones of a time, oldest first, of all workspaces', () => {
    const tables = openInMemory();
    const everywhere = { at: noon - 5, from: 'org:acme', to: 'key:groq', reason: 'credits' } as const;
    tables.switches.record(billingSwitch());
    tables.switches.record(everywhere);
    assert.deepEqual(tables.switches.within(ever, 9), [billingSwitch(), everywhere]);
    assert.deepEqual(tables.switches.within(ever, 1), [everywhere]);
    assert.deepEqual(tables.switches.within({ from: noon - 5, until: noon }, 9), [everywhere]);
    assert.deepEqual(tables.switches.within({ from: 0, until: noon - 5 }, 9), []);
  });
});

describe('retention of request tallies', () => {
  it('are bounded in number, and their totals are not', () => {
    const tables = openInMemory();
    const batch = Array.from({ length: 10_000 }, () => tally());
    const kept = () => tables.tallies.last(1_000_000).length;
    for (let written = 0; written <= mostTallies; written += batch.length) {
      record(tables, batch);
      assert.ok(kept() <= mostTallies);
    }
    record(tables, [tally({ status: 429 })]);
    assert.ok(kept() <= mostTallies);
    assert.ok(kept() >= 0.95 * mostTallies);
    assert.equal(tables.tallies.last(1)[0]?.status, 429);
    assert.equal(tables.tallies.totals(0)[0]?.requests, mostTallies + batch.length + 1);
    tables.database.close();
  });

  it('are bounded in number in small batches too', () => {
    const tables = openInMemory();
    record(
      tables,
      Array.from({ length: mostTallies }, () => tally()),
    );
    for (let written = 1; written <= 300; written++) {
      record(
        tables,
        Array.from({ length: 7 }, () => tally()),
      );
      if (written % 50 !== 0) continue;
      const kept = tables.tallies.last(1_000_000).length;
      assert.ok(kept <= mostTallies && kept >= 0.95 * mostTallies, `${kept} after ${written}`);
    }
    tables.database.close();
  });

  it('that fail half-way leave no row', () => {
    const tables = openInMemory();
    const broken = tally({ status: null as unknown as number });
    assert.throws(() => record(tables, [tally(), broken]), /NOT NULL/);
    assert.throws(() =>
      transaction(tables.database, () => {
        tables.switches.record(billingSwitch());
        record(tables, [tally(), broken]);
      }),
    );
    record(tables, []);
    assert.deepEqual(
      [tables.tallies.last(9), tables.tallies.totals(0), tables.switches.within(ever, 9)],
      [[], [], []],
    );
    tables.database.close();
  });
});

/** Without the keys that are undefined. */
function known<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

function scanned(rows: readonly RequestTally[]) {
  const { billedTo = '', provider, model } = rows[0] ?? {};
  const sum = (amount: (row: RequestTally) => number | undefined) =>
    rows.reduce((all, row) => all + (amount(row) ?? 0), 0);
  return known({
    billedTo,
    provider,
    model,
    requests: rows.length,
    refused: rows.filter(isRefused).length,
    promptTokens: sum(row => row.promptTokens),
    completionTokens: sum(row => row.completionTokens),
    costNanoUsd: sum(row => row.costNanoUsd),
    uncosted: rows.filter(isUncosted).length,
  });
}
