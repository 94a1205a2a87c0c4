import fs from 'node:fs';
import type { Frame, FrameLocator } from 'playwright-core';
import type { WorkbenchWindow } from './workbenchWindow.ts';

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** The open dashboard's page. VS Code nests it in two frames. */
export function dashboardPage({ page }: WorkbenchWindow): FrameLocator {
  return page.frameLocator('iframe.webview').frameLocator('#active-frame');
}

/** What axe-core finds wrong with the page, one line each. */
export async function accessibilityProblems(window: WorkbenchWindow): Promise<string[]> {
  const frame = await frameOf(window);
  const axe = new URL(import.meta.resolve('axe-core/axe.min.js'));
  await frame.evaluate(fs.readFileSync(axe, 'utf8'));
  const { violations } = await frame.evaluate<{ violations: readonly Violation[] }>('axe.run(document)');
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 120)} ${failureSummary}`),
  );
}

async function frameOf(window: WorkbenchWindow): Promise<Frame> {
  const element = await dashboardPage(window).locator('body').elementHandle();
  const frame = await element?.ownerFrame();
  if (!frame) throw new Error('the dashboard is not open');
  return frame;
}
