import assert from 'node:assert/strict';
import type { Problem, Snapshot } from '../../../../src/account/snapshot.ts';
import { statusErrors } from '../../../../src/cli/json/statusErrors.ts';
import { nothing } from '../../view/builders.ts';
import { credits, now, problem } from '../snapshots.ts';

function errors(problems: Record<string, Problem>, snapshot: Partial<Snapshot> = {}) {
  return statusErrors({ ...nothing, ...snapshot }, new Map(Object.entries(problems)));
}

describe('statusErrors:', () => {
  it('parts are in the order of the status, the ledger last', () => {
    const failed = problem();
    const calls = ['hardware/acme', 'endpoints/acme', 'live', 'zero-gpu', 'jobs', 'usage', 'whoami'];
    const told = errors(Object.fromEntries(calls.map(call => [call, failed])), {
      ledgerProblem: 'The disk is full.',
    });
    assert.deepEqual(
      told.map(({ part }) => part),
      [
        'account',
        'credits',
        'jobs',
        'zeroGpu',
        'rateWindows',
        'endpoints/acme',
        'hardwareQuotas/acme',
        'ledger',
      ],
    );
  });

  it('a changed field of the live stream names its own part', () => {
    const changed = (field: string) =>
      problem({ kind: 'format-changed', message: `response format changed: ${field}`, field });
    assert.equal(errors({ live: changed('zeroGpu.base') })[0]?.part, 'zeroGpu');
    assert.equal(errors({ live: changed('inference.usedNanoUsd') })[0]?.part, 'credits');
    assert.deepEqual(errors({ live: changed('rateLimits.instant.api.used') }), [
      { part: 'rateWindows', message: 'response format changed: rateLimits.instant.api.used.' },
    ]);
  });

  it("an organization's own credits are left out", () => {
    assert.deepEqual(errors({ 'organization-usage/acme': problem() }), []);
  });

  it('the message says from when the shown value is', () => {
    const part = { value: credits(), asOf: now - 3_600_000 };
    const [error] = errors({ usage: problem({ status: 503, words: 'Busy.' }) }, { credits: part });
    assert.equal(
      error?.message,
      'Hugging Face failed (503: Busy). Its status page is https://status.huggingface.co. The values shown are from 2026-11-22T11:00:00.000Z.',
    );
  });

  it("a rate limit's message says when it ends, if known", () => {
    const limited = problem({ kind: 'rate-limited', status: 429, words: 'Slow down' });
    assert.match(errors({ usage: limited })[0]?.message ?? '', /The server gave no end time\.$/);
    const until = { ...limited, retryAt: now };
    assert.match(errors({ usage: until })[0]?.message ?? '', /It ends at 2026-11-22T12:00:00\.000Z\.$/);
  });
});
