import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openInMemory } from '../../../src/ledger/openDatabase.ts';
import type { Refusal } from '../../../src/limits/refusals/refusal.ts';
import { PrintedAgain } from '../../../src/watch/printedAgain.ts';

const noon = Date.UTC(2026, 9, 14, 12);

const base: Refusal = {
  at: noon,
  status: 429,
  cause: 'unknown',
  by: 'unknown',
  source: 'terminal',
  program: 'python train.py',
  message: '',
};
/** `HTTP Request: POST … "HTTP/1.1 429 Too Many Requests"` of httpx. */
const line = { ...base, by: 'huggingface', message: 'HTTP/1.1 429 Too Many Requests' } satisfies Refusal;
/** The SDK's own logger. */
const retry = { ...base, message: 'Retrying request to /chat/completions in 0.4 seconds' } satisfies Refusal;
/** A traceback, with the server's words. */
const traceback = {
  ...base,
  cause: 'tokens',
  by: 'huggingface',
  scope: 'tokens per minute',
  message: 'Rate limit reached for tokens per minute',
} satisfies Refusal;

function rows(printed: readonly Refusal[]) {
  const { refusals } = openInMemory();
  const again = new PrintedAgain();
  for (const refusal of printed) refusals.record([again.take(refusal)]);
  return refusals.last(99).map(({ cause, count = 1 }) => [cause, count]);
}

const at = (ms: number, refusal: Refusal) => ({ ...refusal, at: noon + ms });

describe('refusals that several loggers print', () => {
  it('are one each: six requests with three loggers are one row of six', () => {
    const printed = [0, 1, 2, 3, 4, 5].flatMap(index => [
      at(index * 900, line),
      at(index * 900 + 5, retry),
      at(index * 900 + 9, traceback),
    ]);
    assert.deepEqual(rows(printed), [['tokens', 6]]);
  });

  it('are one each when only the last one has a traceback', () => {
    const lines = [0, 500, 1_500, 3_500].map(ms => at(ms, line));
    assert.deepEqual(rows([...lines, at(3_520, traceback)]), [['tokens', 4]]);
  });

  it('are one each when each form is printed by all requests before the next one', () => {
    const all = [line, traceback, retry].flatMap(form => [0, 1, 2].map(index => at(index, form)));
    assert.deepEqual(rows(all), [['tokens', 3]]);
  });

  it('of another program, status, limit or model are others', () => {
    const others = [
      { program: 'python other.py' },
      { status: 402, cause: 'credits' },
      { scope: 'requests per minute' },
      { by: 'groq' },
    ] as const;
    for (const other of others) {
      assert.equal(
        rows([traceback, { ...traceback, ...other, at: noon + 5 }]).length,
        2,
        JSON.stringify(other),
      );
    }
  });

  it('in one form are all counted, at any pace', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20_000), { maxLength: 30 }), gaps => {
        const printed = gaps.map((_, index) => {
          const ms = gaps.slice(0, index + 1).reduce((sum, gap) => sum + gap, 0);
          const message = `${traceback.message}: try again in ${ms / 100}s (req_${index}f3)`;
          return at(ms, { ...traceback, message });
        });
        const counted = rows(printed).reduce((sum, [, count]) => sum + Number(count), 0);
        assert.equal(counted, printed.length);
      }),
    );
  });

  it('are counted anew after a few seconds of silence', () => {
    assert.deepEqual(rows([line, at(3, traceback), at(60_000, line), at(60_003, traceback)]), [
      ['tokens', 2],
    ]);
  });
});
