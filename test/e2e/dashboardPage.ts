import type { Frame, FrameLocator } from 'playwright-core';
import { accessibilityProblems } from './accessibility.ts';
import type { WorkbenchWindow } from './workbenchWindow.ts';

/** The open dashboard's page. VS Code nests it in two frames. */
export function dashboardPage({ page }: WorkbenchWindow): FrameLocator {
  return page.frameLocator('iframe.webview').frameLocator('#active-frame');
}

/** What axe-core finds wrong with the page, one line each. */
export async function dashboardProblems(window: WorkbenchWindow): Promise<string[]> {
  return accessibilityProblems(await frameOf(window), 'html');
}

async function frameOf(window: WorkbenchWindow): Promise<Frame> {
  const element = await dashboardPage(window).locator('body').elementHandle();
  const frame = await element?.ownerFrame();
  if (!frame) throw new Error('the dashboard is not open');
  return frame;
}
