import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { accountName, limitName } from '../../../../src/gateway/pacing/limitKey.ts';
import type { LearnedLimit } from '../../../../src/limits/pacing/learnedLimits.ts';
import { watchLearnedWindows } from '../../../../src/ui/core/ledgerWatches.ts';
import { TemporaryLedger } from '../../ledger/temporaryLedger.ts';
import { header } from '../../view/builders.ts';

describe('watchLearnedWindows', () => {
  const files = new TemporaryLedger();
  const api = (used: number): LearnedLimit => {
    return {
      limit: limitName(accountName('Bearer hf_ada'), { by: 'huggingface', scope: 'api' }),
      gateway: 'one',
      at: files.now,
      usedAt: files.now,
      windows: [header('api', used, 2_500, { asOf: files.now })],
      closed: [],
    };
  };
  after(() => files.clear());

  it('reads again within seconds of a write of another process, and fires only for a difference', () => {
    mock.timers.enable({ apis: ['setInterval'] });
    const [ours, gateways] = [files.open(), files.open()];
    let token: string | undefined = 'hf_ada';
    const watch = watchLearnedWindows(
      ours,
      () => token,
      () => files.now,
    );
    let fired = 0;
    watch.onDidChange(() => {
      fired += 1;
    });
    const used = () => watch.value.hub.map(window => window.used);
    try {
      assert.deepEqual(used(), []);
      for (let count = 1; count <= 50; count++) gateways.shareLimits([api(count)]);
      assert.equal(fired, 0);
      mock.timers.tick(3_000);
      assert.equal(fired, 1);
      assert.deepEqual(used(), [50]);

      gateways.setPreference('other', 'thing');
      mock.timers.tick(3_000);
      assert.equal(fired, 1);

      // the next account never sees the windows of the one before
      token = 'hf_eve';
      assert.equal(watch.isCurrent, false);
      mock.timers.tick(3_000);
      assert.equal(watch.isCurrent, true);
      assert.deepEqual(used(), []);
    } finally {
      watch.dispose();
      mock.timers.reset();
    }
  });
});
