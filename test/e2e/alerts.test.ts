import assert from 'node:assert/strict';
import { ChatProgram } from './chatProgram.ts';
import { pictureFailures } from './pictures.ts';
import { spend, spent } from './spend.ts';
import { openTerminal } from './terminal.ts';
import { Workbench } from './workbench.ts';
import type { WorkbenchWindow } from './workbenchWindow.ts';
import { workbenchWithGateway } from './workbenchWithGateway.ts';

const aboutMoney = /credits|pays now|limit of/i;

/** Waits until Headroom's icon in the activity bar has one alert, with these words. */
async function badgeReads({ page }: WorkbenchWindow, words: string): Promise<void> {
  const icon = page.locator('.activitybar .action-item', {
    has: page.locator(`[aria-label^="Headroom"][aria-label*="${words}"]`),
  });
  await icon.locator('.badge-content', { hasText: /^1$/ }).waitFor();
}

/** Requests stop when the included credits are used up. */
async function withHalfADollarLeft(language = 'en'): Promise<Workbench> {
  const patch = { users: { ada: { canPay: false, ...spent(1.5).users.ada } } };
  const workbench = await Workbench.open({ signedIn: true, workspace: true, patch, language });
  await workbench.statusBarReads(/0[.,]50/);
  return workbench;
}

describe('credits of $2.00 that other programs spend:', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await withHalfADollarLeft();
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  it('below the fifth: one notice, and the badge and the hover say the same', async () => {
    spend(workbench, 1.7);
    await workbench.command('Headroom: Refresh');
    const notice = workbench.notification(
      /\$0\.30 of \$2\.00 of your included credits are left until \w+ 1\./,
    );
    await notice.waitFor();
    assert.equal(await workbench.notification(aboutMoney).count(), 1);
    await workbench.picture('alert-low');
    // VS Code hides a notice after a while
    await notice.getByText('Not until').click();
    await badgeReads(workbench, 'Credits low');
    const hover = await workbench.hover();
    await hover.getByText('$0.30 left of $2.00', { exact: false }).waitFor();
    await workbench.moveMouseAway();
  });

  it('snoozed: nothing more is told until the reset, and the badge and the hover go on', async () => {
    spend(workbench, 2);
    await workbench.command('Headroom: Refresh');
    await workbench.statusBarReads('$0.00 left');
    await badgeReads(workbench, 'Credits used up');
    assert.equal(await workbench.notification(aboutMoney).count(), 0);
    const hover = await workbench.hover();
    await hover.getByText('The included credits of', { exact: false }).waitFor();
    await workbench.picture('alert-snoozed');
    await workbench.moveMouseAway();
    assert.equal(await workbench.notification(aboutMoney).count(), 0);
  });
});

describe('credits that run low, in German and with high contrast:', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await withHalfADollarLeft('de');
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  it('notice, badge and hover say it in German', async () => {
    spend(workbench, 1.7);
    await workbench.command('Headroom: Limits aktualisieren');
    await workbench
      .notification(/Bis 1\. \w+\.? sind von 2,00\s\$ Ihres enthaltenen Guthabens noch 0,30\s\$ übrig\./)
      .waitFor();
    await workbench.picture('alert-low-german');
    await badgeReads(workbench, 'Guthaben knapp');
    const hover = await workbench.hover();
    await hover.getByText(/0,30\s\$ von 2,00\s\$ übrig/).waitFor();
    await workbench.picture('alert-low-german-hover');
    await workbench.moveMouseAway();
  });

  it('a second notice tells that they are used up, with high contrast', async () => {
    await workbench.pickTheme('Dark High Contrast');
    spend(workbench, 2);
    await workbench.command('Headroom: Limits aktualisieren');
    await workbench.notification(/Guthaben .* aufgebraucht \(2,00\s\$\)/).waitFor();
    await badgeReads(workbench, 'Guthaben aufgebraucht');
    await workbench.picture('alert-used-up-german-high-contrast');
    await workbench.hover();
    await workbench.picture('alert-used-up-german-high-contrast-hover');
  });
});

describe('credits that are used up, with two windows open:', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await withHalfADollarLeft();
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  it('one window tells it, in the words of both hovers', async () => {
    const other = await workbench.secondWindow();
    await other.statusBarReads('$0.50 left');
    spend(workbench, 2);
    await workbench.command('Headroom: Refresh');
    await Promise.all([workbench, other].map(window => window.statusBarReads('$0.00 left')));
    const sentence =
      /The included credits of \w+ are used up \(\$2\.00\)\. Requests go on when you buy credits, or bill acme/;
    await Promise.any([workbench, other].map(window => window.notification(sentence).waitFor()));
    await workbench.page.waitForTimeout(2_000); // the other window looks at the ledger each second
    const told = await Promise.all([workbench, other].map(window => window.notification(aboutMoney).count()));
    assert.equal(
      told.reduce((sum, count) => sum + count, 0),
      1,
    );
    for (const window of [workbench, other]) {
      const hover = await window.hover();
      await hover.getByText('The included credits of', { exact: false }).waitFor();
      await window.moveMouseAway();
    }
    await workbench.picture('alert-used-up');
  });
});

describe('failover, credits nearly used up:', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await workbenchWithGateway({
      scenario: 'exhausted-pro',
      settings: { 'headroom.billing.failover': ['org:acme'] },
    });
    await workbench.statusBarReads(/<\$0.01 left/);
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  it('one sentence tells that acme pays, in the notice and in the hover', async () => {
    await openTerminal(workbench);
    await new ChatProgram(workbench).run();
    const sentence = /Your credits are used up\. acme pays now \(\$[\d.]+ left\), until yours are back\./;
    await workbench.notification(sentence).waitFor();
    spend(workbench, 2);
    await workbench.command('Headroom: Refresh');
    await workbench.page.waitForTimeout(3_000); // what else could tell it has looked by then
    assert.equal(await workbench.notification(aboutMoney).count(), 1);
    const hover = await workbench.hover();
    await hover.getByText('Your credits are used up. acme pays now', { exact: false }).waitFor();
    assert.doesNotMatch((await hover.textContent()) ?? '', /buy credits/);
    await workbench.picture('alert-failover');
  });
});
