import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { getL10nJson } from '@vscode/l10n-dev';

const root = path.resolve(import.meta.dirname, '../..');
const readTexts = (file: string) =>
  JSON.parse(fs.readFileSync(path.join(root, file), 'utf8')) as Record<string, string>;

const sources = fs
  .readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts'))
  .map(file => ({ file, contents: fs.readFileSync(path.join(root, 'src', file), 'utf8'), extension: '.ts' }));

const translationsOf = (folder: string, name: string) =>
  fs
    .readdirSync(path.join(root, folder))
    .filter(file => file.startsWith(`${name}.`) && file !== `${name}.json`)
    .map(file => path.join(folder, file));

/** What a translation must keep: placeholders, commands behind links, bold, codicons, each as often. */
function marks(text: string): string[] {
  return (text.match(/\{\d+\}|\]\([^)]+\)|\*\*|\$\([\w~-]+\)|`[^`]*`/g) ?? []).sort();
}

describe('texts', () => {
  it('are exported as they are in the source', async () => {
    const exported = await getL10nJson(sources);
    assert.deepEqual(
      readTexts('l10n/bundle.l10n.json'),
      exported,
      'run the export that CONTRIBUTING tells of',
    );
  }).timeout(60_000);

  it('are literals, which the exporter finds all', () => {
    const bundle = readTexts('l10n/bundle.l10n.json');
    for (const { file, contents } of sources) {
      for (const [, literal] of contents.matchAll(
        /\bl10n\.t\(\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|.{0,30})/g,
      )) {
        assert.match(literal ?? '', /^(['"]).*\1$/, `${file}: not a literal`);
        const text = (literal ?? '').slice(1, -1).replace(/\\(.)/g, '$1');
        assert.ok(Object.hasOwn(bundle, text), `${file}: ${text}`);
      }
    }
  });

  for (const { folder, name } of [
    { folder: 'l10n', name: 'bundle.l10n' },
    { folder: '.', name: 'package.nls' },
  ]) {
    const original = readTexts(path.join(folder, `${name}.json`));
    for (const file of translationsOf(folder, name)) {
      it(`are all in ${file}, with their placeholders and links`, () => {
        const translated = readTexts(file);
        assert.deepEqual(Object.keys(translated).sort(), Object.keys(original).sort());
        for (const [key, text] of Object.entries(original)) {
          assert.notEqual(translated[key], '', key);
          assert.deepEqual(marks(translated[key] ?? ''), marks(text), key);
        }
      });
    }
  }

  it('are translated to German', () => {
    assert.ok(translationsOf('l10n', 'bundle.l10n').includes('l10n/bundle.l10n.de.json'));
    assert.ok(translationsOf('.', 'package.nls').includes('package.nls.de.json'));
  });
});
