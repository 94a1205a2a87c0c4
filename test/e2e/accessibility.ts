import fs from 'node:fs';
import type { Frame, Page } from 'playwright-core';

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe-core finds wrong with a part of a page, one line each. */
export async function accessibilityProblems(page: Page | Frame, selector: string): Promise<string[]> {
  const axe = new URL(import.meta.resolve('axe-core/axe.min.js'));
  await page.evaluate(fs.readFileSync(axe, 'utf8'));
  const { violations } = await page.evaluate<{ violations: readonly Violation[] }>(
    `axe.run(${JSON.stringify(selector)})`,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 120)} ${failureSummary}`),
  );
}
