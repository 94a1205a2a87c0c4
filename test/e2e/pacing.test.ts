import assert from 'node:assert/strict';
import { adaKey } from '../emulator/providers.ts';
import { node } from './chatProgram.ts';
import { pictureFailures } from './pictures.ts';
import { openTerminal, runInTerminal, terminalShows } from './terminal.ts';
import type { Workbench } from './workbench.ts';
import { workbenchWithGateway } from './workbenchWithGateway.ts';

const burstSize = 24;
/** About 15 of the program's requests per minute. */
const tokensPerMinute = 300;
const windowSeconds = 60;

describe('held requests, a program beyond the provider’s tokens per minute:', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await workbenchWithGateway({ settings: { 'headroom.gateway.longestWaitSeconds': 120 } });
    await workbench.statusBarReads('$0.98 left');
    await workbench.command('Headroom: Use a Custom Provider Key…');
    await workbench.pick('groq');
    await workbench.type(adaKey('groq'));
    await workbench.page.keyboard.press('Enter');
    await workbench.statusBarReads(/^ ?groq$/);
    await workbench.openSideBar();
    await openTerminal(workbench);
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  const burst = (name: string) => runInTerminal(workbench, `clear; ${node} burst.cjs ${burstSize} ${name}`);
  const row = () => workbench.rows(/^groq.*\d waiting/).first();
  const limitTo = (tokensPerMinute: number) =>
    workbench.emulator.world.patch({
      providers: { groq: { keys: { [adaKey('groq')]: { tokensPerMinute } } } },
    });

  /** Moves the emulator into a new window that ends after `resetSeconds`. */
  function newWindow(resetSeconds: number): void {
    const { clock, windows } = workbench.emulator.world;
    const advanceMs = windows.msToReset(clock.now(), windowSeconds) + (windowSeconds - resetSeconds) * 1_000;
    clock.set({ advanceMs });
    clock.skewMs -= advanceMs; // the reported time stays the real one
    limitTo(tokensPerMinute);
  }

  /** Number of requests that the provider refused since the last call. */
  function refusedByProvider(): number {
    const { requests } = workbench.emulator.world;
    const refused = requests.filter(({ status, server }) => server === 'partners' && status === 429);
    requests.length = 0;
    return refused.length;
  }

  it('status bar, row and hover show the held requests and their wait; the program gets no 429', async function () {
    this.timeout(90_000);
    newWindow(25);
    refusedByProvider();
    await burst('one');
    await workbench.statusBarReads(/groq · \d+ waiting · 0:\d\d/);
    await row().waitFor();
    await workbench.picture('requests-waiting');
    const hover = await workbench.hover();
    await hover.getByText(/\d+ requests of one program for groq/).waitFor();
    await hover.getByRole('link', { name: 'Release', exact: true }).waitFor();
    await workbench.picture('requests-waiting-hover');
    await workbench.moveMouseAway();
    await terminalShows(workbench, `burst one: ${burstSize} answered, 0 refused`, 60_000);
    await workbench.statusBarReads(/^ ?groq$/);
    await row().waitFor({ state: 'hidden' });
    assert.ok(refusedByProvider() <= 1, 'at most one request was refused before the others were held');
  });

  it('Release Held Requests sends them at once', async () => {
    newWindow(windowSeconds);
    await burst('two');
    await workbench.statusBarReads(/groq · \d+ waiting · \d:\d\d/);
    limitTo(100_000);
    await workbench.command('Headroom: Release Held Requests…');
    await workbench.page.locator('.statusbar', { hasText: /Released \d+ requests?: / }).waitFor();
    await workbench.picture('requests-released');
    await terminalShows(workbench, `burst two: ${burstSize} answered, 0 refused`);
    await workbench.statusBarReads(/^ ?groq$/);
  });

  it('Cancel Held Requests in the row: the program gets a 429 that says so', async () => {
    newWindow(windowSeconds);
    await burst('three');
    await row().hover();
    await row().getByRole('button', { name: 'Cancel Held Requests…' }).click();
    await workbench.page.locator('.statusbar', { hasText: /Cancelled \d+ requests?: / }).waitFor();
    await terminalShows(workbench, /429.*[Cc]ancel/);
    await terminalShows(workbench, /burst three: \d+ answered, [1-9]\d* refused/);
    await workbench.moveMouseAway();
    await workbench.picture('requests-cancelled');
  });

  it('the commands are offered only while requests are held', async () => {
    await row().waitFor({ state: 'hidden' });
    await workbench.page.keyboard.press('F1');
    await workbench.page.locator('.quick-input-widget input').first().fill('>Headroom: Re');
    await workbench.choice('Restart Gateway').waitFor();
    assert.equal(await workbench.choice('Release Held').count(), 0);
    await workbench.page.keyboard.press('Escape');
  });
});
