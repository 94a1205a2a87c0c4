import type { Frame } from 'playwright-core';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { extension } from '../e2e/workbenchWindow.ts';
import { workbenchWithGateway } from '../e2e/workbenchWithGateway.ts';
import { writeYear } from './dashboard/year.ts';

/**
 * How long a person waits for the dashboard in a real VS Code after a busy year: from the click to the page, which is
 * VS Code's part, and from there to the first figures on screen.
 * Run: node esbuild.mjs && node test/bench/dashboardOpening.ts (Node 24). Writing the year takes a minute or two.
 */
const openings = 9;
const mostFiguresMs = 300;

const workbench = await workbenchWithGateway();
let now = 0;
const ledger = openLedger({ directory: workbench.host.storage(extension), now: () => now });
writeYear(ledger, Date.now() - 300_000, at => {
  now = at;
});
ledger.close();
await workbench.reload();
await workbench.statusBarReads('$');

const pages: number[] = [];
const figures: number[] = [];
for (let opening = 0; opening < openings; opening++) {
  await workbench.statusBarItem.click();
  const item = workbench.choice('Open dashboard');
  await item.waitFor();
  const clickedAt = Date.now();
  await item.click();
  const frame = await dashboardFrame();
  await frame.locator('.card-credits .summary').waitFor({ timeout: 60_000 });
  const { page, painted } = await frame.evaluate(times);
  pages.push(page - clickedAt);
  figures.push(painted);
  await workbench.command('View: Close All Editors');
  await workbench.page.locator('iframe.webview').waitFor({ state: 'detached' });
}
await workbench.close();

const figuresMs = median(figures);
console.log(`dashboard.first page ${text(pages)} after the click`);
console.log(`dashboard.first figures ${text(figures)} after the page began (limit ${mostFiguresMs} ms)`);
if (figuresMs > mostFiguresMs) process.exitCode = 1;

async function dashboardFrame(): Promise<Frame> {
  const element = await workbench.page
    .frameLocator('iframe.webview')
    .locator('#active-frame')
    .elementHandle();
  const frame = await element?.contentFrame();
  if (!frame) throw new Error('the dashboard did not open');
  return frame;
}

/** In the page: when it began (epoch ms), and how much later the greatest text was on screen; a skeleton has no text. */
function times(): Promise<{ page: number; painted: number }> {
  return new Promise(resolve => {
    new PerformanceObserver(list => {
      const painted = list.getEntries().at(-1)?.startTime ?? Number.NaN;
      resolve({ page: performance.timeOrigin, painted });
      // a browser's type, of which Node's types know nothing
    }).observe({ type: 'largest-contentful-paint' as 'mark', buffered: true });
  });
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN;
}

function text(samples: readonly number[]): string {
  const [least, most] = [Math.min(...samples), Math.max(...samples)].map(Math.round);
  return `${Math.round(median(samples))} ms (${least} to ${most})`;
}
