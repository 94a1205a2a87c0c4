import assert from 'node:assert/strict';
import { shownCommand } from '../../../../src/limits/refusals/commandLine.ts';
import { redact } from '../../../../src/limits/refusals/redact.ts';
import { leakOf } from './anySecret.ts';
import {
  commandLines,
  groupedKeys,
  harmlessTexts,
  misplacedKeys,
  namedKeys,
  planted,
  shortKeys,
  texts,
} from './secretTexts.ts';

describe('a text with a secret', () => {
  for (const { text, stays } of texts) {
    it(`keeps its words and loses the secret: ${text}`, () => {
      for (const secret of planted) {
        const shown = redact(text.replaceAll('§', secret));
        assert.equal(leakOf({ text: secret, core: secret }, shown), undefined);
        for (const part of stays) assert.ok(shown.includes(part), `${part} in ${shown}`);
      }
    });
  }

  for (const { text, stays } of namedKeys) {
    it(`loses a short key that has a name: ${JSON.stringify(text)}`, () => {
      for (const secret of [...shortKeys, ...groupedKeys]) {
        const shown = redact(text.replaceAll('§', secret));
        assert.equal(leakOf({ text: secret, core: secret }, shown), undefined);
        for (const part of stays) assert.ok(shown.includes(part), `${part} in ${shown}`);
      }
    });
  }

  it('loses all groups of a password that Google made', () => {
    for (const text of ['password is §', 'API key provided: §.', 'Invalid token "§"', 'pwd (§)']) {
      const secret = 'bbnv gzbd kfzy ybah';
      assert.equal(
        leakOf({ text: secret, core: secret }, redact(text.replace('§', secret))),
        undefined,
        text,
      );
    }
  });

  for (const key of groupedKeys) {
    it(`loses a key in groups wherever it stands: ${key}`, () => {
      for (const text of [key, `User ${key} not found`, `/v1/${key}/chat`, `(${key})`, `org_${key}:x`]) {
        assert.equal(leakOf({ text: key, core: key }, redact(text)), undefined, text);
      }
    });
  }

  for (const text of harmlessTexts) {
    it(`is none, and stays as it is: ${text}`, () => assert.equal(redact(text), text));
  }
});

describe('a command line', () => {
  for (const [line, shown] of [...commandLines, ...misplacedKeys]) {
    it(`is shown as ${shown}`, () => {
      assert.equal(shownCommand(line), shown);
      assert.equal(shownCommand(shown), shown);
    });
  }
});
