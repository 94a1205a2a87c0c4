import assert from 'node:assert/strict';
import { LatestOnly } from '../../../../src/ui/core/latestOnly.ts';

describe('LatestOnly', () => {
  /** Runs of the work, to be settled by the test. */
  let runs: PromiseWithResolvers<string>[];
  let latest: LatestOnly<string>;
  beforeEach(() => {
    runs = [];
    latest = new LatestOnly(() => {
      const run = Promise.withResolvers<string>();
      runs.push(run);
      return run.promise;
    }, 20);
  });

  it('gives the value of a single run', async () => {
    const result = latest.run();
    runs[0]?.resolve('one');
    assert.deepEqual(await result, { kind: 'value', value: 'one' });
  });

  it('marks an earlier run as overtaken when a later one has its value first', async () => {
    const [first, second] = [latest.run(), latest.run()];
    runs[1]?.resolve('two');
    assert.deepEqual(await second, { kind: 'value', value: 'two' });
    runs[0]?.resolve('one');
    assert.deepEqual(await first, { kind: 'overtaken' });
  });

  it('reports the failure of the latest run only', async () => {
    const [first, second] = [latest.run(), latest.run()];
    const error = new Error('no');
    for (const run of runs) run.reject(error);
    assert.deepEqual(await first, { kind: 'overtaken' });
    assert.deepEqual(await second, { kind: 'failure', error });
  });

  it('reports a run that takes too long as a failure', async () => {
    const result = await latest.run();
    assert.ok(result.kind === 'failure');
    assert.match(String(result.error), /No answer within 0\.02 s/);
  });
});
