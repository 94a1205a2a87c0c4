import assert from 'node:assert/strict';
import fc from 'fast-check';
import { shownCommand } from '../../../../src/limits/refusals/commandLine.ts';
import { redact, redactInFull } from '../../../../src/limits/refusals/redact.ts';
import { anyKey, anyValue, commandForms, leakOf, valueForms } from './anySecret.ts';
import { groupedKeys, harmlessTexts, shortKeys } from './secretTexts.ts';

describe('secrets in texts and command lines', () => {
  it('a key is hidden wherever it stands in a text', () => {
    const around = fc.constantFrom(' ', '"', "'", '(', '`', ': ', '=', ',', '/', '\n', ' Key: ', '{"a":"');
    fc.assert(
      fc.property(fc.lorem(), around, anyKey, around, (words, before, secret, after) => {
        const shown = redact(`${words}${before}${secret.text}${after}${words}`);
        assert.equal(leakOf(secret, shown), undefined);
        assert.equal(redact(shown), shown);
      }),
      { numRuns: 2_000 },
    );
  });

  it('any value of a name for secrets is hidden in a text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...valueForms), anyValue, fc.lorem(), (form, secret, words) => {
        const shown = redact(`${words} ${form(secret.text)} ${words}`);
        assert.equal(leakOf(secret, shown), undefined);
      }),
      { numRuns: 2_000 },
    );
  });

  it('any value is hidden in a command line, and a second pass changes nothing', () => {
    const program = fc.constantFrom('python x.py', 'curl -s', 'hf auth login', 'env A=1 node a.js', './run');
    fc.assert(
      fc.property(program, fc.constantFrom(...commandForms), anyValue, (start, form, secret) => {
        const shown = shownCommand(`${start} ${form(secret.text)}`);
        assert.equal(leakOf(secret, shown), undefined);
        assert.equal(shownCommand(shown), shown);
      }),
      { numRuns: 3_000 },
    );
  });

  it('the quick look at a text finds all that the full one does', () => {
    const names =
      'token key secret password pass pin cookie authorization bearer basic HF_TOKEN api_key is value given';
    const starts =
      'hf_ sk- key- dapi AIza AKIA eyJ ya29. dp.pt. SG. -u --user --token -----BEGIN https:// ada:';
    const word = fc.constantFrom(...`${names} ${starts} abcd efgh rate limit`.split(' '));
    const secret = fc.oneof(
      anyKey.map(({ text }) => text),
      fc.constantFrom(...shortKeys, ...groupedKeys),
    );
    const separator = fc.constantFrom(...'   :="-_./@\n', '', '     : ');
    const sentence = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom(...harmlessTexts));
    const part = fc.oneof({ weight: 6, arbitrary: word }, { weight: 2, arbitrary: sentence }, secret);
    fc.assert(
      fc.property(fc.array(fc.tuple(part, separator), { maxLength: 8 }), parts => {
        const text = parts.flat().join('');
        const shown = redactInFull(text);
        assert.equal(redact(text), shown);
        assert.equal(redact(text), shown, 'again');
      }),
      { numRuns: 3_000 },
    );
  });

  it('100 KB of hostile text take less than 100 ms', () => {
    const pieces = [
      'a',
      '-a ',
      'token: ',
      'token="',
      'a=',
      '://',
      'Ab1/',
      'a1b2-',
      '-----BEGIN A-----',
      'eyJabcdef.',
    ];
    const more = [
      'a.b',
      'key "',
      'authorization: a ',
      '--token ',
      '-u a',
      'a:b@',
      'hf_',
      'a1b2c3d4 ',
      'key a1b2C3d4 ',
      `token${'-'.repeat(24)}a1b2C3d4`,
      `key${' is value '.repeat(3)}a1b2C3d4`,
      'key &quot;',
      'abcd efgh ',
      'A1B2-',
      'key-',
      '--a-',
      'Basic aaaa',
      "'",
    ];
    for (const piece of [...pieces, ...more]) {
      const text = piece.repeat(100_000 / piece.length);
      const start = process.cpuUsage();
      redact(text);
      shownCommand(text);
      const { user, system } = process.cpuUsage(start);
      assert.ok(user + system < 100_000, `${piece}: ${(user + system) / 1000} ms`);
    }
  });
});
