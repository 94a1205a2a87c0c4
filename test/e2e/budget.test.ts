import assert from 'node:assert/strict';
import path from 'node:path';
import { node } from './chatProgram.ts';
import { pictureFailures } from './pictures.ts';
import { openTerminal, runInTerminal, terminalShows } from './terminal.ts';
import type { Workbench } from './workbench.ts';
import { workbenchWithGateway } from './workbenchWithGateway.ts';

/** Hugging Face lists no price for it: each request counts $0.01. */
const unpriced = 'featherless-ai';
const cli = path.resolve(import.meta.dirname, '../../dist/cli.cjs');

describe('a budget, set by the palette:', function () {
  this.timeout(120_000);
  let workbench: Workbench;
  let runs = 0;
  before(async () => {
    workbench = await workbenchWithGateway();
    await workbench.statusBarReads('$0.98 left');
    await workbench.openSideBar();
    await workbench.widenSideBar(420);
    await openTerminal(workbench);
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  const ask = async (outcome: 'answer' | 'failure') => {
    runs += 1;
    await runInTerminal(workbench, `clear; ${node} ask.cjs ${runs} ${unpriced}`);
    await terminalShows(workbench, new RegExp(`(answer|failure) ${runs}: `));
    await terminalShows(workbench, new RegExp(`${outcome} ${runs}: `));
  };
  const paused = () => workbench.notification('Headroom paused what you pay');
  /** Presses a button of the notice, which VS Code hides after some seconds: its list keeps it. */
  const press = async (label: string) => {
    await workbench.command('Notifications: Show Notifications');
    const list = workbench.page.locator('.notifications-center');
    await list.getByRole('button', { name: label, exact: true }).click();
    await list.waitFor({ state: 'hidden' });
  };
  const answerStep = async (text: string, prompt: RegExp) => {
    await workbench.page.locator('.quick-input-widget', { hasText: prompt }).waitFor();
    await workbench.type(text);
  };
  const enter = () => workbench.page.keyboard.press('Enter');

  it('asks where, when to warn and when to pause; Escape steps back, and nonsense is refused', async () => {
    await workbench.command('Headroom: Set Budget…');
    await workbench.choice('In this folder only').waitFor();
    await workbench.picture('budget-where');
    await workbench.pick('In this folder only');
    await answerStep('ten', /: Warn At/);
    await workbench.page.locator('.quick-input-message', { hasText: 'such as 10 or 2.50' }).waitFor();
    await answerStep('0.02', /: Warn At/);
    await enter();
    await answerStep('0.01', /: Pause At/);
    await workbench.page.locator('.quick-input-message', { hasText: 'at least $0.02' }).waitFor();
    await workbench.picture('budget-pause-step');
    await workbench.page.keyboard.press('Escape');
    await answerStep('', /: Warn At/);
    await enter();
    await answerStep('0.03', /: Pause At/);
    await enter();
    await workbench.row('Budget here').filter({ hasText: '$0.03 left of $0.03 · pauses at $0.03' }).waitFor();
  });

  it('pauses once it is used up: bar, tree, error and one notice say the same', async () => {
    for (let count = 0; count < 3; count += 1) await ask('answer');
    await workbench.statusBarReads('paused here at $0.03');
    assert.equal(await paused().count(), 0, 'nothing was refused yet');
    await ask('failure');
    await terminalShows(workbench, /402 Headroom paused what is billed to/);
    await paused()
      .filter({
        hasText:
          /in this folder: \$0\.03 of this month’s \$0\.03 .* 3 requests of unknown price count \$0\.01 each/,
      })
      .waitFor();
    await workbench.row('Budget here').filter({ hasText: 'paused at $0.03' }).waitFor();
    await workbench.rows('budget of the folder').waitFor();
    await ask('failure');
    await workbench.page.waitForTimeout(3_000);
    assert.equal(await workbench.page.locator('.notification-toast').count(), 1);
    await workbench.picture('budget-paused');
  });

  for (const [theme, name] of [
    ['Light Modern', 'light'],
    ['Dark High Contrast', 'high-contrast'],
    ['Light High Contrast', 'high-contrast-light'],
    ['Dark Modern', 'dark'],
  ] as const) {
    it(`rows at 300 px, notice, hover and choice are shown in ${theme}`, async () => {
      await workbench.widenSideBar(300);
      await workbench.pickTheme(theme);
      await workbench.command('Notifications: Show Notifications');
      await workbench.page.locator('.notifications-center').getByText('Headroom paused').waitFor();
      await workbench.picture(`budget-paused-${name}`);
      await workbench.command('Notifications: Hide Notifications');
      assert.deepEqual(await workbench.cutNumbers(), []);
      await workbench.hover();
      await workbench.picture(`budget-hover-${name}`);
      await workbench.moveMouseAway();
      await workbench.command('Headroom: Set Budget…');
      await workbench.choice('In this folder only').filter({ hasText: 'pauses at $0.03' }).waitFor();
      await workbench.picture(`budget-where-${name}`);
      await workbench.page.keyboard.press('Escape');
    });
  }

  it('Continue once lets one request pass, and the next refusal asks again', async () => {
    await press('Continue once');
    await workbench.row('Budget here').filter({ hasText: 'continues for one request' }).waitFor();
    await ask('answer');
    await ask('failure');
    await workbench.statusBarReads('paused here at $0.03');
    await paused().filter({ hasText: '$0.04 of this month’s $0.03' }).waitFor();
  });

  it('Until tomorrow lets all pass until midnight, also for the CLI, and can be taken back', async () => {
    await press('Until tomorrow');
    await workbench.row('Budget here').filter({ hasText: 'continues until 00:00' }).waitFor();
    await ask('answer');
    await ask('answer');
    await runInTerminal(workbench, `clear; ${node} ${cli} budget --here`);
    await terminalShows(workbench, /Continues {2}until /);
    await workbench.hover();
    await workbench.picture('budget-continues');
    await workbench.moveMouseAway();
    await workbench.command('Headroom: Pause at the Budget Again');
    await workbench.statusBarReads('paused here at $0.03');
    await ask('failure');
    await paused().waitFor();
  });

  it('Raise… asks for the new amount alone, and requests go on', async () => {
    await press('Raise…');
    await answerStep('0.5', /: Pause At.*\$0\.06 is spent already: it pauses at once/);
    const prompt = /\$0\.06 is spent this month\. 6 requests of unknown price count \$0\.01 each/;
    await workbench.page.locator('.quick-input-message', { hasText: prompt }).waitFor();
    await workbench.picture('budget-raise');
    await enter();
    await workbench.statusBarReads('left');
    await workbench.row('Budget here').filter({ hasText: '$0.44 left of $0.50 · pauses at $0.50' }).waitFor();
    await ask('answer');
  });

  it('in all folders counts Hugging Face’s figure, too; it is kept, and shown in a light theme', async () => {
    await workbench.command('Headroom: Set Budget…');
    await workbench.pick('In all folders');
    await answerStep('', /: Warn At/);
    await enter();
    await answerStep('1', /: Pause At/);
    await workbench.page
      .locator('.quick-input-message', { hasText: '$1.02 is spent already: it pauses at once' })
      .waitFor();
    await enter();
    await workbench.statusBarReads('paused at $1.00');
    await ask('failure');
    await paused().waitFor();
    await workbench.colorTheme('Default Light Modern');
    await workbench.statusBarReads('paused at $1.00');
    await workbench.row('Your budget').filter({ hasText: 'paused at $1.00' }).waitFor();
    const hover = await workbench.hover();
    await hover.getByText('Continue once').waitFor();
    await workbench.picture('budgets-light');
  });

  it('is removed by the palette', async () => {
    await workbench.moveMouseAway();
    await workbench.command('Headroom: Set Budget…');
    await workbench.pick('Remove the budget');
    await workbench.statusBarReads('left');
    await workbench.row('Your budget').waitFor({ state: 'hidden' });
  });
});

describe('a budget in German:', function () {
  this.timeout(120_000);
  let workbench: Workbench;
  before(async () => {
    workbench = await workbenchWithGateway({ language: 'de' });
    await workbench.statusBarReads(/noch 0,98/);
    await workbench.openSideBar();
    await workbench.widenSideBar(300);
    await openTerminal(workbench);
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  it('is set, pauses and is told in German, with numbers that show at 300 px', async () => {
    const { page } = workbench;
    const enter = () => page.keyboard.press('Enter');
    await workbench.command('Headroom: Budget festlegen');
    await workbench.choice('Nur in diesem Ordner').waitFor();
    await workbench.picture('budget-where-german');
    await workbench.pick('Nur in diesem Ordner');
    await page.locator('.quick-input-widget', { hasText: ': Warnung' }).waitFor();
    await enter();
    await page.locator('.quick-input-widget', { hasText: ': Pause' }).waitFor();
    await workbench.type('0,01');
    await workbench.picture('budget-pause-step-german');
    await enter();
    await workbench.rows(/Budget hier\s*0,01/).waitFor();
    assert.deepEqual(await workbench.cutNumbers(), []);
    for (const [run, outcome] of ['answer', 'failure'].entries()) {
      await runInTerminal(workbench, `clear; ${node} ask.cjs ${run} ${unpriced}`);
      await terminalShows(workbench, new RegExp(`${outcome} ${run}: `));
    }
    await workbench.notification('Headroom hat angehalten, was Sie in diesem Ordner').waitFor();
    await workbench.rows(/Budget hier\s*pausiert bei 0,01/).waitFor();
    assert.deepEqual(await workbench.cutNumbers(), []);
    await workbench.picture('budget-paused-german');
    await workbench.hover();
    await workbench.picture('budget-hover-german');
  });
});
