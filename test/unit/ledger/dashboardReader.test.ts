import assert from 'node:assert/strict';
import { DashboardReader } from '../../../src/ledger/dashboardReader.ts';
import { rememberFolder } from '../../../src/ledger/folderNames.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { openMemoryLedger } from '../../../src/ledger/openLedger.ts';
import type { Span } from '../../../src/limits/requests/countedSpan.ts';
import { dayMs, hourMs, noon, refusal } from './refusals.ts';
import { tally, total } from './tallies.ts';

const midnight = noon - 12 * hourMs;
const today = { from: midnight, until: midnight + dayMs };
const dayOf = (daysAgo: number): Span => ({
  from: today.from - daysAgo * dayMs,
  until: today.until - daysAgo * dayMs,
});

describe('what the dashboard reads', () => {
  let ledger: Ledger;
  let reader: DashboardReader;
  beforeEach(() => {
    ledger = openMemoryLedger({ now: () => noon });
    reader = new DashboardReader(ledger);
  });
  afterEach(() => ledger.close());

  it('are requests, folders and refusals of each span', () => {
    ledger.recordTallies([
      tally({ workspace: 'here', firstByteMs: 200 }),
      tally({ workspace: 'there', costNanoUsd: 7 }),
      tally({ status: 429, costNanoUsd: undefined, durationMs: 3 }),
      tally({ at: midnight - 1 }),
    ]);
    ledger.recordRefusals([
      refusal(),
      refusal({ at: noon + hourMs, cause: 'credits', by: 'huggingface', scope: 'credits' }),
    ]);
    rememberFolder(ledger, 'here', 'headroom');
    const { spans, folders, hours } = reader.read([today], noon);
    assert.deepEqual(hours, { oldest: midnight - hourMs, newest: noon });
    assert.deepEqual([...folders], [['here', 'headroom']]);
    const [{ totals, workspaces, refusals } = assert.fail()] = spans;
    const amounts = total({
      requests: 3,
      refused: 1,
      promptTokens: 1500,
      completionTokens: 270,
      costNanoUsd: 120_007,
    });
    assert.deepEqual(totals, [{ ...amounts, timed: 2, durationMs: 1700.5, streamed: 1, firstByteMs: 200 }]);
    assert.deepEqual(workspaces, [
      { workspace: 'here', requests: 1, costNanoUsd: 120_000, uncosted: 0 },
      { workspace: 'there', requests: 1, costNanoUsd: 7, uncosted: 0 },
    ]);
    const kinds = refusals.map(({ cause, by, count }) => `${count} ${cause} ${by}`).sort();
    assert.deepEqual(kinds, [`1 ${refusal().cause} ${refusal().by}`, '1 credits huggingface'].sort());
  });

  it('are the switches within the spans, oldest first, with their folders’ names', () => {
    rememberFolder(ledger, 'here', 'headroom');
    const times = [midnight - 1, midnight, noon];
    for (const at of times) {
      ledger.recordSwitch({ at, workspace: 'here', from: 'personal', to: 'org:acme', reason: 'chosen' });
    }
    const { switches, folders } = reader.read([today], noon);
    assert.deepEqual(
      switches.map(({ at }) => at),
      [midnight, noon],
    );
    assert.deepEqual([...folders], [['here', 'headroom']]);
  });

  it('are no refusals that were deleted since', () => {
    ledger.recordRefusals([refusal({ at: noon - 9 * dayMs })]);
    const read = () => reader.read([dayOf(9)], noon).spans[0]?.refusals.length;
    assert.equal(read(), 1);
    ledger.forgetRefusals(noon);
    assert.equal(read(), 0);
  });

  it('are read once when their span was over hours ago', () => {
    const asked: number[] = [];
    const watched = new DashboardReader({
      countedSpan(span) {
        asked.push(span.from);
        return ledger.countedSpan(span);
      },
      oldestRefusal: () => ledger.oldestRefusal(),
      countedHours: () => ledger.countedHours(),
      switchesWithin: (span, most) => ledger.switchesWithin(span, most),
      getPreference: key => ledger.getPreference(key),
      dataVersion: () => ledger.dataVersion(),
    });
    const days = [3, 2, 1, 0].map(dayOf);
    watched.read(days, noon);
    asked.length = 0;
    ledger.recordTallies([tally()]);
    const { spans } = watched.read(days, noon);
    assert.deepEqual(asked, [dayOf(0).from]);
    assert.equal(spans[3]?.totals[0]?.requests, 1);
  });

  it('are read anew from another file', () => {
    let file = 1;
    let cost = 1;
    const other = new DashboardReader({
      countedSpan: span => ({
        ...span,
        refusals: [],
        workspaces: [],
        totals: [{ ...timed, costNanoUsd: cost }],
      }),
      oldestRefusal: () => undefined,
      countedHours: () => undefined,
      switchesWithin: () => [],
      getPreference: () => undefined,
      dataVersion: () => file * 2 ** 32 + cost,
    });
    const timed = { ...total(), timed: 0, durationMs: 0, streamed: 0, firstByteMs: 0 };
    const read = () => other.read([dayOf(9)], noon).spans[0]?.totals[0]?.costNanoUsd;
    assert.equal(read(), 1);
    cost = 2;
    assert.equal(read(), 1);
    file = 2;
    assert.equal(read(), 2);
  });

  it('has the name that a folder’s window gave it last', () => {
    ledger.recordTallies([tally({ workspace: 'here' }), tally({ workspace: 'moved' })]);
    rememberFolder(ledger, 'moved', 'old name');
    rememberFolder(ledger, 'moved', 'new name');
    assert.deepEqual([...reader.read([today], noon).folders], [['moved', 'new name']]);
  });
});
