import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { decide, writeBudget } from '../../../../src/billing/budget.ts';
import { watchBudgets, watchFolderUse } from '../../../../src/ui/core/ledgerWatches.ts';
import { TemporaryLedger } from '../../ledger/temporaryLedger.ts';

const now = Date.UTC(2026, 10, 10, 12);
const personal = { payer: 'personal' };

describe('budgets of a window', () => {
  let files: TemporaryLedger;
  beforeEach(() => {
    mock.timers.enable({ apis: ['setInterval'] });
    files = new TemporaryLedger();
    files.now = now;
  });
  afterEach(async () => {
    mock.timers.reset();
    await files.clear();
  });

  it('follow what another window or the CLI sets and decides, within 250 ms', () => {
    const [ours, other] = [files.open(), files.open()];
    const watch = watchBudgets(
      ours,
      () => ['personal', 'org:acme'],
      'w1',
      () => undefined,
    );
    let changes = 0;
    watch.onDidChange(() => {
      changes += 1;
    });
    assert.deepEqual(watch.value, []);
    writeBudget(other, { payer: 'org:acme', workspace: 'w1' }, { pauseAtNanoUsd: 5 }, now);
    writeBudget(other, { payer: 'org:other' }, { pauseAtNanoUsd: 5 }, now);
    mock.timers.tick(250);
    const stored = { payer: 'org:acme', workspace: 'w1', monthNanoUsd: undefined, pauseAtNanoUsd: 5 };
    assert.deepEqual(watch.value, [{ ...stored, decision: { at: now } }]);
    decide(other, { payer: 'org:acme', workspace: 'w1' }, { at: now, once: true });
    mock.timers.tick(250);
    assert.deepEqual(watch.value, [{ ...stored, decision: { at: now, once: true } }]);
    writeBudget(other, { payer: 'org:acme', workspace: 'w1' }, {}, now);
    mock.timers.tick(250);
    assert.deepEqual([watch.value, changes], [[], 3]);
    watch.dispose();
  });

  it('take the setting for the user’s own while the ledger has none', () => {
    const ledger = files.open();
    let setting: number | undefined = 7;
    const watch = watchBudgets(
      ledger,
      () => ['personal'],
      undefined,
      () => setting,
    );
    const amounts = () =>
      watch.value.map(({ monthNanoUsd, pauseAtNanoUsd }) => [monthNanoUsd, pauseAtNanoUsd]);
    assert.deepEqual(amounts(), [[7, undefined]]);
    writeBudget(ledger, personal, { pauseAtNanoUsd: 9 }, now);
    watch.look();
    assert.deepEqual(amounts(), [[undefined, 9]]);
    writeBudget(ledger, personal, {}, now);
    setting = undefined;
    mock.timers.tick(250);
    assert.deepEqual(amounts(), []);
    watch.dispose();
  });

  it('of a folder count what its gateways recorded this month', () => {
    const ledger = files.open();
    const tally = { status: 200, billedTo: 'personal', durationMs: 1, costNanoUsd: 3 };
    ledger.recordTallies([
      { ...tally, at: now, workspace: 'w1' },
      { ...tally, at: now, workspace: 'w2' },
      { ...tally, at: Date.UTC(2026, 9, 31), workspace: 'w1' },
      { ...tally, at: now, workspace: 'w1', status: 402 },
      { at: now, status: 200, billedTo: 'personal', durationMs: 1, workspace: 'w1' },
    ]);
    const watch = watchFolderUse(
      ledger,
      () => 'w1',
      () => now,
    );
    assert.deepEqual(watch.value, [{ billedTo: 'personal', costNanoUsd: 3, uncosted: 1 }]);
    watch.dispose();
    const none = watchFolderUse(
      ledger,
      () => undefined,
      () => now,
    );
    assert.deepEqual(none.value, []);
    none.dispose();
  });
});
