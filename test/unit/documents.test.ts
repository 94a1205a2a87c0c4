import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import manifest from '../../package.json' with { type: 'json' };

const root = path.resolve(import.meta.dirname, '../..');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...fs.readdirSync(path.join(root, 'docs')).map(name => `docs/${name}`),
];
const read = (page: string) => fs.readFileSync(path.join(root, page), 'utf8');
const settings = Object.entries(manifest.contributes.configuration.properties);

/** How the table writes a default: `none` for what is empty. */
function defaultText(value: unknown): string {
  const isEmpty =
    value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
  return isEmpty ? 'none' : `\`${value}\``;
}

describe("the README's table of settings", () => {
  it("has every setting of package.json with its default, in the settings editor's order", () => {
    const rows = [...read('README.md').matchAll(/^\| *`(headroom\.[\w.]+)` *\| *(\S+) *\|/gm)];
    assert.deepEqual(
      rows.map(([, key, text]) => `${key} ${text}`),
      settings
        .toSorted(([, one], [, other]) => one.order - other.order)
        .map(([key, setting]) => `${key} ${defaultText(setting.default)}`),
    );
  });
});

describe("the settings' order in package.json", () => {
  it('is 1, 2, 3 and so on, as they are listed', () => {
    assert.deepEqual(
      settings.map(([, { order }]) => order),
      settings.map((_, index) => index + 1),
    );
  });
});

/** As GitHub makes it of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');

for (const page of pages) {
  describe(page, () => {
    it('links to files and headings that exist', () => {
      for (const [, link = ''] of read(page).matchAll(/(?:\]\(|src=")([^)"\s]+)/g)) {
        if (/^https?:/.test(link)) continue;
        const [file, anchor] = link.split('#');
        const target = file ? path.join(path.dirname(page), file) : page;
        assert.ok(fs.existsSync(path.join(root, target)), link);
        const headings = anchor ? read(target).matchAll(/^#+ (.+)$/gm) : [];
        if (anchor)
          assert.ok(
            [...headings].some(([, heading = '']) => anchorOf(heading) === anchor),
            link,
          );
      }
    });

    it('names paths that exist', () => {
      for (const [, file = ''] of read(page).matchAll(/`((?:src|test|licenses|media)\/[\w./-]+)`/g)) {
        assert.ok(fs.existsSync(path.join(root, file)), file);
      }
    });
  });
}

describe('the diagrams in docs/architecture.md', () => {
  it('name files of src that exist', () => {
    const files = [...read('docs/architecture.md').matchAll(/^ *([a-z]+\/[\w/]+\.ts)\b/gm)];
    assert.ok(files.length > 90);
    for (const [, file = ''] of files) assert.ok(fs.existsSync(path.join(root, 'src', file)), file);
  });
});
