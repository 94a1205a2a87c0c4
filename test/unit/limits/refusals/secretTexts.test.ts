import assert from 'node:assert/strict';
import { shownCommand } from '../../../../src/limits/refusals/commandLine.ts';
import { redact } from '../../../../src/limits/refusals/redact.ts';
import { leakOf } from './anySecret.ts';
import { commandLines, harmlessTexts, planted, texts } from './secretTexts.ts';

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

  for (const text of harmlessTexts) {
    it(`is none, and stays as it is: ${text}`, () => assert.equal(redact(text), text));
  }
});

describe('a command line', () => {
  for (const [line, shown] of commandLines) {
    it(`is shown as ${shown}`, () => {
      assert.equal(shownCommand(line), shown);
      assert.equal(shownCommand(shown), shown);
    });
  }
});
