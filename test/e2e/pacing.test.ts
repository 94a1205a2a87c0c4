import assert from 'node:assert/strict';
import path from 'node:path';
import { NODE } from './asker.ts';
import { openTerminal, runInTerminal, terminalShows } from './terminal.ts';
import { pictureFailures, Workbench } from './workbench.ts';

const BURST = 32;
/** Requests that fit into the window of the Hub, Headroom's own among them. */
const FITS = 20;
const RESET_SECONDS = 25;

describe('a person whose program asks the Hub for more than it takes at a time', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({
      scenario: 'pro',
      signedIn: true,
      workspace: path.resolve(import.meta.dirname, 'workspace'),
      settings: {
        'headroom.environment.huggingface': true,
        'headroom.gateway.longestWaitSeconds': 600,
      },
      env: { NODE_PATH: path.resolve(import.meta.dirname, '../../node_modules') },
    });
    await workbench.logSays('The gateway listens');
    await workbench.statusBarReads('$0.98 left');
    await workbench.openSideBar();
    await openTerminal(workbench);
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  const burst = (name: string) => runInTerminal(workbench, `clear; ${NODE} burst.cjs ${BURST} ${name}`);
  const row = () =>
    workbench.page.locator('.sidebar .monaco-list-row', { hasText: /Hub API.*waiting/ }).first();
  /** The window has so much room, and ends so soon. */
  function hubWindow({ used, resetSeconds }: { used: number; resetSeconds?: number }): void {
    const { world } = workbench.emulator;
    if (resetSeconds !== undefined) {
      const advanceMs = world.windows.msToReset(world.clock.now()) - resetSeconds * 1_000;
      world.clock.set({ advanceMs });
      world.clock.skewMs -= advanceMs; // time has not passed anywhere else
    }
    world.patch({ limits: { api: FITS }, windows: { api: used } });
  }
  const refusedByHub = () =>
    workbench.emulator.world.requests.filter(
      ({ status, path: url }) => status === 429 && url.startsWith('/api/models'),
    );

  it('sees how many requests wait and for how long, and the program sees no 429', async function () {
    this.timeout(90_000);
    hubWindow({ used: 0, resetSeconds: RESET_SECONDS });
    await burst('one');
    await workbench.statusBarReads(/\d+ waiting · 0:\d\d/);
    await row().waitFor();
    await workbench.picture('requests-waiting');
    const hover = await workbench.hover();
    await hover.getByText(/requests of one program for the Hub’s api window/).waitFor();
    await hover.getByRole('link', { name: 'Release', exact: true }).waitFor();
    await workbench.picture('requests-waiting-hover');
    await workbench.lookAway();
    await terminalShows(workbench, `burst one: ${BURST} answered, 0 refused`, 60_000);
    await workbench.statusBarReads('$0.98 left');
    await row().waitFor({ state: 'hidden' });
    assert.ok(refusedByHub().length <= 1, `the Hub refused ${refusedByHub().length}`);
  });

  it('releases them: they are sent at once, and answered where the limit allows that', async () => {
    hubWindow({ used: FITS });
    await burst('two');
    await workbench.statusBarReads(/\d+ waiting · \d:\d\d/);
    workbench.emulator.world.patch({ limits: { api: 1_000 } });
    await workbench.command('Hugging Face: Release Held Requests…');
    await workbench.page.locator('.statusbar', { hasText: /Released \d+ requests?: / }).waitFor();
    await workbench.picture('requests-released');
    await terminalShows(workbench, `burst two: ${BURST} answered, 0 refused`);
    await workbench.statusBarReads('$0.98 left');
  });

  it('cancels them at their row: the program gets a 429 that says who did it', async () => {
    hubWindow({ used: FITS });
    await burst('three');
    await row().hover();
    await row().getByRole('button', { name: 'Cancel Held Requests…' }).click();
    await workbench.page.locator('.statusbar', { hasText: /Cancelled \d+ requests?: / }).waitFor();
    await terminalShows(workbench, /429: .*[Cc]ancel/);
    await terminalShows(workbench, /burst three: \d+ answered, \d+ refused/);
    await workbench.picture('requests-cancelled');
  });

  it('is told by the commands when nobody waits', async () => {
    await row().waitFor({ state: 'hidden' });
    await workbench.page.keyboard.press('F1');
    const box = workbench.page.locator('.quick-input-widget input').first();
    await box.fill('>Hugging Face: Release Held');
    await workbench.page.locator('.quick-input-widget', { hasText: /No matching/ }).waitFor();
    await workbench.page.keyboard.press('Escape');
  });
});
