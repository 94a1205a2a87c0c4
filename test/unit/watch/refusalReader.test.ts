import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RefusalReader } from '../../../src/watch/refusalReader.ts';
import { libraryTexts, otherTexts } from './libraryTexts.ts';
import { at, seenIn, surroundings } from './printed.ts';

const everything = libraryTexts.map(({ text }) => text);

describe('the reader of printed refusals', () => {
  for (const { name, text, by, expected } of libraryTexts) {
    it(`reads ${name}`, () => {
      const seen = seenIn([text], by);
      const known = seen.map((refusal, index) =>
        Object.fromEntries(
          Object.keys(expected[index] ?? refusal).map(key => [key, Reflect.get(refusal, key)]),
        ),
      );
      assert.deepEqual(known, expected);
      for (const refusal of seen) assert.equal(refusal.source, 'terminal');
    });
  }

  it('does not take other texts for refusals', () => {
    for (const text of otherTexts) assert.deepEqual(seenIn([text]), [], text);
  });

  it('names the program', () => {
    const [seen] = seenIn([everything[0] ?? ''], { source: 'notebook', program: 'a.ipynb, cell 7' });
    assert.equal(seen?.program, 'a.ipynb, cell 7');
    assert.equal(seen?.source, 'notebook');
  });

  it('keeps no printed secret', () => {
    const [seen] = seenIn([
      "openai.RateLimitError: Error code: 429 - {'error': {'message': 'Rate limit reached for hf_abcdefghijklmnop'}}\n",
    ]);
    assert.ok(seen);
    assert.equal(JSON.stringify(seen).includes('abcdefghijklmnop'), false);
  });

  it('reports a refusal at a pause of the program, and not again at its end', () => {
    const world = surroundings();
    const seen: unknown[] = [];
    const reader = new RefusalReader({ source: 'terminal' }, world, one => seen.push(one));
    reader.write('HTTP Error 429 thrown while requesting GET https://huggingface.co/api/models\n');
    assert.equal(seen.length, 0);
    world.pause();
    assert.equal(seen.length, 1);
    reader.write('Retrying in 1s [Retry 1/5].\n');
    reader.end();
    assert.equal(seen.length, 1);
    assert.equal(world.pending(), 0);
  });

  it('reports each of hundreds', () => {
    const line = "Error code: 429 - {'error': {'message': 'Rate limit reached', 'type': 'tokens'}}\n";
    assert.equal(seenIn(Array<string>(500).fill(line)).length, 500);
    assert.equal(seenIn([line.repeat(150), line.repeat(150)]).length, 300);
  });

  it('reports at most 200 of one chunk', () => {
    const line = "Error code: 429 - {'error': {'message': 'Rate limit reached', 'type': 'tokens'}}\n";
    assert.equal(seenIn([line.repeat(5_000)]).length, 200);
  });

  it('finds the same however the output is cut into chunks', () => {
    const pieces = fc.array(
      fc.constantFrom(...everything, ...otherTexts, 'epoch 1\r\n', '\n', '\x1b[0m', 'x'.repeat(9_000)),
      {
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(pieces, fc.array(fc.nat(4_000), { maxLength: 60 }), (texts, cuts) => {
        const text = texts.join('');
        const at = [...cuts.map(cut => cut % (text.length + 1)), text.length].sort(
          (one, other) => one - other,
        );
        const chunks = at.map((end, index) => text.slice(at[index - 1] ?? 0, end));
        assert.deepEqual(seenIn(chunks), seenIn([text]));
      }),
      { numRuns: 300 },
    );
    for (const text of everything) assert.deepEqual(seenIn([...text]), seenIn([text]));
  });

  it('never throws, and finds nothing in random text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 200 }), { maxLength: 8 }), chunks => {
        assert.deepEqual(seenIn(chunks), []);
      }),
    );
  });

  it('never throws for damaged texts, and invents no past reset', () => {
    const damaged = fc
      .tuple(fc.constantFrom(...everything), fc.nat(3_000), fc.nat(40), fc.string({ maxLength: 12 }))
      .map(([text, from, length, put]) => {
        const start = from % text.length;
        return text.slice(0, start) + put + text.slice(start + length);
      });
    fc.assert(
      fc.property(damaged, text => {
        for (const refusal of seenIn([text])) assert.ok((refusal.resetsAt ?? at) >= at);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is not slowed down by hostile lines', () => {
    const hostile = [
      'https:',
      'litellm.a',
      'Error code: 429 - {',
      "{'message': '\\",
      'RateLimitError: 4',
      '\x1b]',
      '\x1b[',
      '│ ',
      'Failed after ',
      'Rate limit "message": "',
      'for url: https://',
      'HTTP status client error (429 a',
      "error 429, message='",
    ];
    for (const piece of hostile) {
      const text = `RateLimitError rate limit Too Many Requests ${piece.repeat(100_000 / piece.length)}\n`;
      const start = performance.now();
      seenIn([text]);
      const took = performance.now() - start;
      assert.ok(took < 400, `${piece}: ${took} ms for 100,000 characters`);
    }
  });
});
