import assert from 'node:assert/strict';
import fc from 'fast-check';
import { commandLink, escapeMarkdown } from '../../../../src/view/text/escapeMarkdown.ts';
import { oneLine } from '../../../../src/view/text/plainText.ts';

const entities: Record<string, string> = { '&#36;': '$', '&amp;': '&', '&lt;': '<' };
/** CommonMark’s reading: every token is an escape, one of our entities, or a plain character. */
const harmless = /^(?:\\[!-/:-@[-`{-~]|&#36;|&amp;|&lt;|[^!-/:-@[-`{-~\n\r])*$/;

function shown(markdown: string): string {
  return markdown
    .replace(/&#36;|&amp;|&lt;/g, entity => entities[entity] ?? '')
    .replace(/\\(\p{ASCII})/gu, '$1');
}

describe('escapeMarkdown', () => {
  for (const evil of [
    '[x](command:headroom.signOut)',
    '![x](https://example.org/pixel.png)',
    '<img src=x onerror=alert(1)>',
    'https://example.org www.example.org a@example.org',
    '`code` **bold** _i_ ~~s~~ | cell |',
    '# title',
    '&lt;b&gt;',
  ]) {
    it(`shows ${evil} as it is`, () => {
      const markdown = escapeMarkdown(evil);
      assert.match(markdown, harmless);
      assert.equal(shown(markdown), evil);
    });
  }

  it('escapes theme icons, also after Markdown has removed backslashes', () => {
    assert.ok(!escapeMarkdown('$(zap)').replaceAll('\\', '').includes('$('));
  });

  it('puts the text on one line', () => {
    assert.equal(escapeMarkdown('a\n\n# b\u2028c\u202e'), 'a \\# b c');
  });

  it('shows any text exactly, without markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), text => {
        const markdown = escapeMarkdown(text);
        assert.match(markdown, harmless);
        assert.equal(shown(markdown), oneLine(text, 500));
      }),
    );
  });
});

describe('commandLink', () => {
  it('keeps any argument, which can’t end the link', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), argument => {
        const link = commandLink('Open', 'headroom.openPage', argument.toWellFormed());
        const query = /^\[Open\]\(command:headroom\.openPage\?([^()\s]*)\)$/.exec(link)?.[1];
        assert.deepEqual(JSON.parse(decodeURIComponent(query ?? '')), [argument.toWellFormed()]);
      }),
    );
  });
});
