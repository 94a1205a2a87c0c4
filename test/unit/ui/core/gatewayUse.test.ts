import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { watchGatewayUse } from '../../../../src/ui/core/ledgerWatches.ts';
import { TemporaryLedger } from '../../ledger/temporaryLedger.ts';

const noon = Date.UTC(2026, 10, 22, 12);

describe('watchGatewayUse', () => {
  const tally = { at: noon, status: 200, billedTo: 'org:acme', provider: 'groq', durationMs: 12 };

  it('reads again after a write of another process and in a new month, and fires only for a difference', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    const files = new TemporaryLedger();
    files.now = noon;
    const [ours, gateways] = [files.open(), files.open()];
    const watch = watchGatewayUse(ours, () => files.now);
    let fired = 0;
    const requests = () => watch.value.totals.map(total => total.requests);
    watch.onDidChange(() => {
      fired += 1;
    });
    try {
      assert.deepEqual(watch.value, { since: Date.UTC(2026, 10, 1), totals: [] });
      mock.timers.tick(10_000);
      assert.equal(fired, 0);

      gateways.recordTallies([tally, tally]);
      mock.timers.tick(3_000);
      assert.equal(fired, 1);
      assert.deepEqual(requests(), [2]);

      gateways.setPreference('other', 'thing');
      mock.timers.tick(3_000);
      assert.equal(fired, 1);

      files.now = Date.UTC(2026, 11, 1);
      mock.timers.tick(3_000);
      assert.deepEqual(watch.value, { since: files.now, totals: [] });
    } finally {
      watch.dispose();
      mock.timers.reset();
      await files.clear();
    }
  });
});
