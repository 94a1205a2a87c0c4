import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import manifest from '../../package.json' with { type: 'json' };

const readme = fs.readFileSync(path.resolve(import.meta.dirname, '../../README.md'), 'utf8');
const settings = Object.entries(manifest.contributes.configuration.properties);

/** How the table writes a default: `none` for what is empty. */
function defaultText(value: unknown): string {
  const isEmpty =
    value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
  return isEmpty ? 'none' : `\`${value}\``;
}

describe("the README's table of settings", () => {
  it("has every setting of package.json with its default, in the settings editor's order", () => {
    const rows = [...readme.matchAll(/^\| *`(headroom\.[\w.]+)` *\| *(\S+) *\|/gm)];
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
