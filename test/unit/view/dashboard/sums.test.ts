import assert from 'node:assert/strict';
import * as v from 'valibot';
import type { Ledger } from '../../../../src/ledger/ledger.ts';
import type { RequestTally } from '../../../../src/limits/requests/requestTally.ts';
import { localBins, utcBins } from '../../../../src/view/dashboard/bins.ts';
import { dashboardPanels } from '../../../../src/view/dashboard/dashboardPanels.ts';
import { dashboardState, type Panel, ranges } from '../../../../src/view/dashboard/dashboardState.ts';
import { refusal } from '../builders.ts';
import {
  binsOf,
  dashboardInput,
  dayMs,
  hourMs,
  inputFrom,
  ledgerOf,
  noon,
  panelOf,
  tally,
  zones,
} from './inputs.ts';

/** A year of requests each 5 hours and some minutes, so that every hour of the day is met. */
const tallies: readonly RequestTally[] = Array.from({ length: 1_700 }, (_, index) =>
  tally({
    at: noon - index * (5 * hourMs + 13 * 60_000),
    costNanoUsd: 1_000_003 * (index % 17) + 400,
    provider: ['groq', 'together', 'novita'][index % 3] ?? '',
    model: `org/model-${index % 40}`,
    billedTo: ['personal', 'org:acme', 'own-token'][index % 3] ?? '',
    ...(index % 4 !== 0 && { workspace: `folder-${index % 5}` }),
  }),
);
const refusals = Array.from({ length: 200 }, (_, index) =>
  refusal({ at: noon - index * 10 * hourMs, scope: `scope ${index}`, resetsAt: undefined }),
);

const sumOf = (values: readonly (number | null)[]) =>
  values.reduce<number>((all, value) => all + (value ?? 0), 0);

/** Each split has the same sums in each bin. */
function totalsOf(panel: Panel): number[] {
  const { splits, bins } = binsOf(panel);
  const totals = splits.map(({ series }) =>
    bins.map((_, index) => sumOf(series.map(({ values }) => values[index] ?? null))),
  );
  for (const each of totals) assert.deepEqual(each, totals[0]);
  return totals[0] ?? [];
}

describe('the dashboard’s sums', () => {
  let ledger: Ledger;
  before(() => {
    ledger = ledgerOf({ tallies, refusals });
  });
  after(() => ledger.close());

  for (const range of ranges) {
    it(`drop and double nothing at any offset: ${range}`, () => {
      for (const timeZone of zones) {
        const input = inputFrom(ledger, { range, timeZone });
        const hourOf = (at: number) => Math.floor(at / hourMs) * hourMs;
        const utc = utcBins(range, noon, 'en');
        const local = localBins(range, noon, timeZone, 'en');
        const cost = utc.map(({ from, until }) =>
          sumOf(
            tallies.filter(({ at }) => at >= from && at < until).map(({ costNanoUsd = 0 }) => costNanoUsd),
          ),
        );
        assert.deepEqual(totalsOf(panelOf('spend', input)), cost, timeZone);
        const requests = local.map(
          ({ from, until }) => tallies.filter(({ at }) => hourOf(at) >= from && hourOf(at) < until).length,
        );
        assert.deepEqual(totalsOf(panelOf('use', input)), requests, timeZone);
        const refused = local.map(
          ({ from, until }) => refusals.filter(({ at }) => at >= from && at < until).length,
        );
        assert.deepEqual(totalsOf(panelOf('refusals', input)), refused, timeZone);
        const rows = panelOf('spend', input).table.rows;
        for (const by of ['Provider', 'Model', 'Folder', 'Payer']) {
          const costs = rows.filter(([name]) => name?.text === by).map(cells => Number(cells[3]?.value));
          assert.equal(sumOf(costs), sumOf(cost), `${by} in ${timeZone}`);
        }
      }
    }).timeout(120_000);
  }

  it('fit what the page takes, for each range and with nothing known', () => {
    for (const range of ranges) {
      for (const each of [tallies, []]) {
        const panels = dashboardPanels(dashboardInput({ range, tallies: each }));
        assert.deepEqual(v.parse(dashboardState.entries.panels, panels), panels);
      }
    }
  });

  it('are the same after an update, in which only the last hours are read anew', () => {
    const before = dashboardInput({ tallies: tallies.slice(1) });
    dashboardPanels(before);
    const after = dashboardInput({ tallies });
    assert.deepEqual(dashboardPanels(after), dashboardPanels(dashboardInput({ tallies })));
    const old = after.counted.spans.map((span, index) => ({
      ...span,
      ...(index < after.counted.spans.length - 3 && { totals: before.counted.spans[index]?.totals ?? [] }),
    }));
    const updated = { ...after, counted: { ...after.counted, spans: old } };
    assert.deepEqual(dashboardPanels(updated), dashboardPanels(after));
  });

  it('are not known before the first request that was counted, and 0 in a gap', () => {
    const two = [tally({ at: noon - 20 * dayMs }), tally()];
    const { splits, bins } = binsOf(panelOf('spend', dashboardInput({ tallies: two })));
    const [{ values } = assert.fail()] = splits[0]?.series ?? [];
    assert.deepEqual(
      values.slice(0, 9),
      Array.from({ length: 9 }, () => null),
    );
    assert.deepEqual(values.slice(9), [120_000, ...Array.from({ length: 19 }, () => 0), 120_000]);
    assert.equal(bins.length, values.length);
  });
});
