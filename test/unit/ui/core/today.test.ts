import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { watchToday } from '../../../../src/ui/core/ledgerWatches.ts';
import { TemporaryLedger } from '../../ledger/temporaryLedger.ts';

/** By this computer's clock. */
const noon = new Date(2026, 10, 22, 12).getTime();
const midnight = new Date(2026, 10, 23).getTime();

describe('watchToday', () => {
  it('counts this workspace’s requests from the local midnight on', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    const files = new TemporaryLedger();
    files.now = noon;
    const [ours, gateways] = [files.open(), files.open()];
    const watch = watchToday(ours, 'here', () => files.now);
    const tally = { at: noon, status: 200, billedTo: 'personal', provider: 'groq', durationMs: 12 };
    try {
      gateways.recordTallies([
        { ...tally, workspace: 'here', costNanoUsd: 5 },
        { ...tally, workspace: 'there', costNanoUsd: 7 },
      ]);
      mock.timers.tick(3_000);
      assert.deepEqual(watch.value, { requests: 1, costNanoUsd: 5, uncosted: 0 });
      files.now = midnight;
      mock.timers.tick(3_000);
      assert.equal(watch.value?.requests, 0);
    } finally {
      watch.dispose();
      mock.timers.reset();
      await files.clear();
    }
  });

  it('counts nothing without a workspace', async () => {
    const files = new TemporaryLedger();
    const watch = watchToday(files.open(), undefined, () => noon);
    assert.equal(watch.value, undefined);
    watch.dispose();
    await files.clear();
  });
});
