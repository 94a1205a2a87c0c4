import fs from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';

const root = path.resolve(import.meta.dirname, '../..');
const failures = path.join(root, 'test/e2e/failures');
/** The README's pictures are cut out of these by media/screenshots/cut.mjs. */
const pictures = path.join(root, 'test/e2e/pictures');

export async function takePicture(page: Page, name: string): Promise<void> {
  fs.mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, `${name}.png`), animations: 'disabled' });
}

/** Takes a picture of the window when a test of the suite fails. */
export function pictureFailures(window: () => { readonly page: Page } | undefined): void {
  afterEach(async function () {
    const test = this.currentTest;
    if (test?.state !== 'failed') return;
    const file = path.join(failures, `${test.fullTitle().replace(/[^a-z0-9]+/gi, '-')}.png`);
    await window()?.page.screenshot({ path: file });
    console.log(`      see ${path.relative(root, file)}`);
  });
}
