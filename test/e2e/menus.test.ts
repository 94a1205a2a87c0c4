import assert from 'node:assert/strict';
import { freeOrg, paidOrg } from '../emulator/scenarioAccounts.ts';
import type { Org } from '../emulator/state.ts';
import { pictureFailures } from './pictures.ts';
import { Workbench } from './workbench.ts';

describe('commands and menus:', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({ scenario: 'pro', signedIn: true });
    await workbench.statusBarReads('$0.98 left');
    await workbench.openSideBar();
    await workbench.row('Credits').waitFor();
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  const press = (key: string) => workbench.page.keyboard.press(key);
  const copied = () => workbench.page.evaluate<string>('navigator.clipboard.readText()');
  const says = (text: string) => workbench.page.locator('.statusbar', { hasText: text }).waitFor();
  const offers = async (text: string) => {
    await press('F1');
    await workbench.page.locator('.quick-input-widget input').first().fill(`>${text}`);
    await workbench.choice('Headroom: ').first().waitFor();
    const all = await workbench.choice('Headroom: ').allTextContents();
    await workbench.picture(`palette-${text.toLowerCase().replace(/\W+/g, '-')}`);
    await press('Escape');
    return all.join('\n');
  };

  it('palette: “Headroom” finds the commands that can do something now', async () => {
    const all = await offers('Headroom: ');
    assert.doesNotMatch(all, /Refusal|Held Requests|Copy Value/);
    assert.match(await offers('Headroom: Switch'), /Headroom: Switch Billing…/);
    assert.match(await offers('Headroom: Sign'), /Headroom: Sign Out of Hugging Face/);
  });

  it('palette: “Hugging Face” finds account, limits and billing page', async () => {
    const all = await offers('hugging face');
    for (const title of ['Sign In to', 'Switch', 'Show', 'Open', 'Use']) {
      assert.match(all, new RegExp(`Headroom: ${title} Hugging Face`));
    }
  });

  it('Ctrl+C copies the focused row, also when another one is selected', async () => {
    await workbench.row('Jobs').click();
    await press('Home');
    await press('ArrowDown');
    const focused = workbench.page.locator('.sidebar .monaco-list-row.focused');
    assert.match((await focused.getAttribute('aria-label')) ?? '', /^Credits, 0\.98 US dollars left/);
    await press('Control+C');
    await says('Copied: Credits: $0.98 left of $2.00');
    assert.match(await copied(), /^Credits: \$0\.98 left of \$2\.00 · resets \w+ \d+$/);
  });

  it('Ctrl+C copies all selected rows, each in a line', async () => {
    await workbench.row('Credits').click();
    await press('Shift+ArrowDown');
    await press('Control+C');
    await says('Copied 2 rows');
    const lines = (await copied()).split('\n');
    assert.equal(lines.length, 2);
    assert.match(lines[0] ?? '', /^Credits: /);
    await workbench.picture('rows-copied');
  });

  it('Ctrl+C copies a row with rows below it, and opens nothing', async () => {
    await workbench.row('Jobs').click();
    await press('ArrowDown');
    await press('ArrowDown');
    await press('Control+C');
    await says('Copied: Organizations: 1 of 3 can be billed');
    assert.equal(await workbench.page.locator('.quick-input-widget').first().isVisible(), false);
  });

  it('context menu of a row: copies it', async () => {
    await workbench.row('ZeroGPU').click({ button: 'right' });
    await workbench.picture('row-menu');
    await workbench.menuItem('Copy Value').click();
    await says('Copied: ZeroGPU');
    assert.match(await copied(), /^ZeroGPU/);
  });

  it('context menu of refusals: offers no Clear and no Filter while there is none', async () => {
    await workbench.row('Refused lately').click({ button: 'right' });
    await workbench.menuItem('Copy Value').waitFor();
    assert.equal(await workbench.menuItem('Refusals').count(), 0);
    await press('Escape');
  });
});

describe('Switch Billing with 30 organizations:', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({
      scenario: 'pro',
      signedIn: true,
      patch: { orgs: manyOrganizations() },
    });
    await workbench.statusBarReads('$0.98 left');
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  const rows = () => workbench.page.locator('.quick-input-list .monaco-list-row');

  for (const [theme, picture] of [
    ['Default Dark Modern', 'many-organizations'],
    ['Default Light Modern', 'many-organizations-light'],
  ] as const) {
    it(`lists you first, and who can’t be billed apart, in ${theme}`, async () => {
      await workbench.colorTheme(theme);
      await workbench.statusBarReads('$0.98 left');
      await workbench.command('Headroom: Switch Billing…');
      await workbench.choice('team-01').waitFor();
      assert.match((await rows().first().textContent()) ?? '', /^You · PRO/);
      await workbench.picture(picture);
      await workbench.page.keyboard.press('ArrowUp');
      await workbench.choice('Add an organization by name…').waitFor();
      await workbench.choice('free plan').first().waitFor();
      await workbench.picture(`${picture}-end`);
      await workbench.page.keyboard.press('Escape');
    });
  }

  it('typing finds one, and the reason against another', async () => {
    await workbench.command('Headroom: Switch Billing…');
    await workbench.choice('team-01').waitFor();
    const input = workbench.page.locator('.quick-input-widget input').first();
    await input.fill('team-14');
    await workbench.choice('team-14').waitFor();
    assert.equal(await workbench.choice('team-01').count(), 0);
    await input.fill('free-07');
    await workbench.choice('free-07').filter({ hasText: 'free plan' }).waitFor();
    await workbench.picture('organization-found');
    await workbench.page.keyboard.press('Enter');
    await workbench.notification('free-07 can’t be billed').waitFor();
    const buttons = workbench.notification('free-07').locator('.monaco-text-button');
    assert.match(
      (await buttons.filter({ hasText: 'Bill it anyway' }).getAttribute('class')) ?? '',
      /secondary/,
    );
    assert.doesNotMatch(
      (await buttons.filter({ hasText: 'Choose another' }).getAttribute('class')) ?? '',
      /secondary/,
    );
    await workbench.picture('bill-it-anyway');
  });
});

/** Fifteen that can be billed and fifteen that can't, ada in each. */
function manyOrganizations(): Record<string, Org> {
  const names = Array.from({ length: 15 }, (_, index) => String(index + 1).padStart(2, '0'));
  const members = { ada: { role: 'write' } } as const;
  const id = (kind: number, name: string) => `66d00000000000000000${kind}0${name}`;
  return Object.fromEntries(
    names.flatMap(name => [
      [`free-${name}`, { ...freeOrg(id(1, name), `Free ${name}`), members }],
      [`team-${name}`, { ...paidOrg(id(2, name), `Team ${name}`, 'team', 5), members }],
    ]),
  );
}
