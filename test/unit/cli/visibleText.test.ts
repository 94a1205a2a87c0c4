import assert from 'node:assert/strict';
import fc from 'fast-check';
import { visible, visibleJson } from '../../../src/cli/visibleText.ts';

const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const anyText = fc
  .array(
    fc.oneof(
      fc.string(),
      fc.integer({ min: 0, max: 0x10ffff }).map(code => String.fromCodePoint(code)),
      fc.constantFrom(
        '\u202e',
        '\u2066',
        '\u200e',
        '\u061c',
        '\u200b',
        '\ufeff',
        '\u009b',
        '\x1b[2J',
        '\u2028',
        '\u3164',
        '\u{e0041}',
      ),
    ),
  )
  .map(parts => parts.join(''));

describe('text from outside, in a terminal', () => {
  it('shows characters that are not seen, or change how others are', () => {
    for (const [text, shown] of [
      ['acme\u202egpj.exe', 'acme\\u202egpj.exe'],
      ['a\u2066b\u2069\u200e\u200f\u061c', 'a\\u2066b\\u2069\\u200e\\u200f\\u061c'],
      ['a\u200bb\u200d\ufeff\u00ad\u3164', 'a\\u200bb\\u200d\\ufeff\\u00ad\\u3164'],
      ['\x1b[31m\x07\x7f\u009b0m', '\\u001b[31m\\u0007\\u007f\\u009b0m'],
      ['one\r\ntwo\u2028three', 'one\\u000d\\u000atwo\\u2028three'],
      ['\u{e0041}\ud800', '\\udb40\\udc41\\ud800'],
      ['Ünïcode 模型 🤗', 'Ünïcode 模型 🤗'],
    ] as const) {
      assert.equal(visible(text), shown);
    }
  });

  it('has no such character left (property)', () => {
    fc.assert(fc.property(anyText, text => assert.ok(!hidden.test(visible(text)))));
  });

  it('is the same value in JSON, with no such character but line feeds (property)', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(undefined, 2), (text, indent) => {
        const json = visibleJson(JSON.stringify({ [text]: [text] }, null, indent));
        assert.ok(!hidden.test(json.replaceAll('\n', '')), json);
        assert.deepEqual(JSON.parse(json), { [text]: [text] });
      }),
    );
  });
});
