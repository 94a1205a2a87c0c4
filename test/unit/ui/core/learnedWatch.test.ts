import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { accountName, limitName } from '../../../../src/gateway/pacing/limitKey.ts';
import type { LearnedLimit } from '../../../../src/limits/pacing/learnedLimits.ts';
import { LearnedWatch } from '../../../../src/ui/core/learnedWatch.ts';
import { TemporaryLedger } from '../../ledger/temporaryLedger.ts';
import { aSnapshot, header } from '../../view/builders.ts';

describe('LearnedWatch', () => {
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
    const watch = new LearnedWatch({ ledger: ours, token: () => token, now: () => files.now });
    let fired = 0;
    watch.onDidChange(() => {
      fired += 1;
    });
    const used = () => watch.addTo(aSnapshot().build()).headerWindows.map(window => window.used);
    try {
      const snapshot = aSnapshot().build();
      assert.equal(watch.addTo(snapshot), snapshot);
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
      assert.deepEqual(used(), []);
      mock.timers.tick(3_000);
      assert.deepEqual(watch.windows.hub, []);
    } finally {
      watch.dispose();
      mock.timers.reset();
    }
  });
});
