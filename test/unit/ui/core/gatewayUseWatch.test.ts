import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { GatewayUseWatch } from '../../../../src/ui/core/gatewayUseWatch.ts';
import { TemporaryLedger } from '../../ledger/temporaryLedger.ts';

const noon = Date.UTC(2026, 10, 22, 12);

describe('what went through the gateways', () => {
  const tally = { at: noon, status: 200, billedTo: 'org:acme', provider: 'groq', durationMs: 12 };

  it('is read anew when another process has written, and told only when it differs', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    const files = new TemporaryLedger();
    files.now = noon;
    const [ours, gateways] = [files.open(), files.open()];
    const watch = new GatewayUseWatch({ ledger: ours, serverNow: () => files.now });
    let told = 0;
    const requests = () => watch.use?.totals.map(total => total.requests);
    watch.onDidChange(() => {
      told += 1;
    });
    try {
      assert.deepEqual(watch.use, { since: Date.UTC(2026, 10, 1), totals: [] });
      mock.timers.tick(10_000);
      assert.equal(told, 0);

      gateways.recordTallies([tally, tally]);
      mock.timers.tick(3_000);
      assert.equal(told, 1);
      assert.deepEqual(requests(), [2]);

      gateways.setPreference('other', 'thing');
      mock.timers.tick(3_000);
      assert.equal(told, 1);

      files.now = Date.UTC(2026, 11, 1);
      mock.timers.tick(3_000);
      assert.deepEqual(watch.use, { since: files.now, totals: [] });
    } finally {
      watch.dispose();
      mock.timers.reset();
      await files.clear();
    }
  });
});
