import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readErrorResponse } from '../../../src/limits/refusals/errorResponse.ts';
import { allCases } from '../limits/refusals/refusalCases/allCases.ts';
import { factsOf } from '../limits/refusals/refusalCases/refusalCase.ts';
import { seenIn } from './printed.ts';
import { coloured, richPanel, richRecord } from './rich.ts';

/** Cause and server of each refusal. */
function causesIn(text: string): string[] {
  return seenIn([text]).map(({ cause, by }) => `${cause} ${by}`);
}

const texts = allCases.map(({ name, seen, expected }) => {
  const { text } = readErrorResponse(factsOf(seen));
  return { name, text, isRefusal: expected !== undefined, alone: causesIn(`${text}\n`) };
});
/** Those whose words alone tell the cause. */
const worded = texts.filter(({ isRefusal, alone }) => isRefusal && alone.length > 0);
const name = fc.constantFrom('upload', 'shard', 'failed', 'batch', 'response', 'trainer', 'received', 'E');
// `3: …` is a line of a file
const words = fc
  .tuple(name, fc.array(fc.oneof(name, fc.constantFrom('of', '3', '17%', 'a/b')), { maxLength: 4 }))
  .map(([first, rest]) => [first, ...rest].join(' '));
const time = fc
  .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
  .map(date => date.toISOString());
const prefix = fc.oneof(
  fc.constant(''),
  words.map(all => `${all}: `),
  words.map(all => `${all} -> `),
  words.map(all => `${all} (`),
  words.map(all => `[${all}] `),
  time.map(at => `${at} `),
  time.map(at => `job\tstep\t${at} Error: `),
  fc.tuple(fc.nat(99_999), fc.ipV4()).map(([pid, ip]) => `(task pid=${pid}, ip=${ip}) `),
  fc.constantFrom('ml', 'web-worker', 'api.v1').map(service => `${service}-1  | `),
  time.map(at => `${at.slice(0, 10)} ${at.slice(11, 19)},123 - trainer - ERROR - `),
  fc.constant('WARNING:huggingface_hub.utils._http:'),
  fc.constant('I1014 09:30:00.123456 12345 trainer.py:42] '),
);
const suffix = fc.oneof(
  fc.constantFrom('', ')', ' (attempt 3 of 3)', ' | giving up', ', see the log'),
  words.map(all => `; ${all}`),
);
const columns = fc.integer({ min: 60, max: 120 });
const wrapped = (line: string, width: number) =>
  line.replaceAll(new RegExp(`(.{${width}})(?=.)`, 'g'), '$1\n');

describe('the words of each known refusal', () => {
  it('are enough in most cases', () => {
    assert.ok(worded.length > 50, String(worded.length));
  });

  it('give the same cause behind any words, ahead of any, and broken by a terminal of any width', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...worded),
        prefix,
        suffix,
        columns,
        ({ text, alone }, before, after, width) => {
          const line = `${before}${text}${after}`;
          assert.deepEqual(causesIn(`${line}\n`), alone);
          assert.deepEqual(causesIn(`${wrapped(line, width)}\n`), alone);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('give the same cause in the output of `rich` at any width', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...worded),
        fc.oneof(
          fc.constant(''),
          words.map(all => `${all}: `),
        ),
        fc.integer({ min: 48, max: 120 }),
        fc.constantFrom(richRecord, richPanel, (text: string, width: number) =>
          coloured(richRecord(text, width)),
        ),
        ({ text, alone }, before, width, print) => {
          assert.deepEqual(causesIn(print(`${before}${text}`, width)), alone);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('give none behind any words where no limit declined the request', () => {
    const others = texts.filter(({ isRefusal, alone }) => !isRefusal && alone.length === 0);
    fc.assert(
      fc.property(fc.constantFrom(...others), prefix, suffix, ({ text }, before, after) => {
        assert.deepEqual(causesIn(`${before}${text}${after}\n`), []);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a needle that a line break cuts', () => {
  const text =
    'upload of shard 3 aborted by the server with -> You have depleted your monthly included credits.';

  it('is found wherever the chunks end', () => {
    const cut = `${wrapped(text, 72)}\n`;
    for (let at = 0; at <= cut.length; at++)
      assert.equal(seenIn([cut.slice(0, at), cut.slice(at)])[0]?.cause, 'credits', String(at));
  });

  it('is not made of two lines that belong to two programs', () => {
    for (const lines of [
      'the tokens of this run have\nexceeded your monthly included credits, says the manual\n',
      'limits: no rate\nlimits: none\n',
      `${'x'.repeat(500)} You have depleted your\nmonthly included credits.\n`,
    ]) {
      assert.deepEqual(causesIn(lines), [], lines);
    }
  });
});
