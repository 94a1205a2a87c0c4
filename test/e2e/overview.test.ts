import assert from 'node:assert/strict';
import { accessibilityProblems } from './accessibility.ts';
import { pictureFailures } from './pictures.ts';
import { Workbench } from './workbench.ts';

describe('overview of a PRO account:', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({ scenario: 'pro', signedIn: true });
    workbench.emulator.world.patch({ live: { intervalMs: 300 } });
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  it('status bar: shows the credits left, with an accessible label in words', async () => {
    await workbench.statusBarReads('$0.98 left');
    const spoken = await workbench.statusBarItem.locator('[aria-label]').first().getAttribute('aria-label');
    assert.match(spoken ?? '', /^Hugging Face: 0\.98 US dollars of included credits left, updated /);
  });

  it('side bar: shows every section, the payer first', async () => {
    await workbench.openSideBar();
    await workbench.widenSideBar(300);
    for (const section of ['You pay', 'Hub limits', 'Endpoints', 'Hardware quota', 'ZeroGPU']) {
      await workbench.row(section).waitFor();
    }
    const sections = await workbench.sections();
    assert.deepEqual(sections, [
      'You pay',
      'Refused lately',
      'Hub limits',
      'Endpoints',
      'Hardware quota',
      'ZeroGPU',
    ]);
  });

  it('side bar of 300 px: every row shows its number', async () => {
    await workbench.row('Downloads').filter({ hasText: '11,990 / 12,000' }).waitFor();
    await workbench.picture('tree');
    assert.deepEqual(await workbench.cutNumbers(), []);
  });

  it('side bar: shows which endpoints count towards the quota', async () => {
    await workbench.rows(/\$0\s+nightly.*scaled to zero, counts/).waitFor();
    await workbench.rows(/\$0\s+old-one.*paused, does not count/).waitFor();
    await workbench.rows(/\$0\s+broken.*failed/).waitFor();
  });

  it('hover of the status bar item: shows who pays, a bar, hourly cost, a window that is nearly full, and commands', async () => {
    const hover = await workbench.hover();
    const text = (await hover.textContent()) ?? '';
    for (const part of [
      ...['You pay · ada · PRO', '$0.98 left of $2.00 · resets', 'Endpoints 2 running · $3.30/h'],
      ...['Now Hub downloads 11,990 of 12,000', 'Switch… · New terminal · Limits'],
    ]) {
      assert.ok(text.includes(part), `${part} in\n${text}`);
    }
    assert.doesNotMatch(text, /ZeroGPU|novita|api 23/);
    await workbench.picture('hover');
  });

  it('hover: the bar is drawn, filled by what is left, and has the numbers as its text', async () => {
    const bar = workbench.page.locator('.workbench-hover:visible img');
    assert.equal(await bar.getAttribute('alt'), '$0.98 left of $2.00');
    const drawn = await bar.evaluate((image: { naturalWidth: number; width: number }) => [
      image.naturalWidth,
      image.width,
    ]);
    assert.deepEqual(drawn, [160, 160]);
    const svg = decodeURIComponent((await bar.getAttribute('src')) ?? '');
    assert.match(svg, /<rect width='78\.4'/);
  });

  it('hover: each link has a name, also the icon alone', async () => {
    const names = await workbench.page
      .locator('.workbench-hover:visible a')
      .evaluateAll((links: { title: string; textContent: string | null }[]) =>
        links.map(link => (link.textContent ?? '').trim() || link.title),
      );
    assert.deepEqual(names, ['Refresh', 'Switch…', 'New terminal', 'Limits', 'Dashboard']);
    assert.deepEqual(await accessibilityProblems(workbench.page, '.workbench-hover'), []);
    await workbench.moveMouseAway();
  });

  it('hover: is not drawn anew while only its age moves', async () => {
    await workbench.hover();
    const hover = workbench.page.locator('.workbench-hover:visible');
    await hover.evaluate((element: { dataset: { seen?: string } }) => {
      element.dataset.seen = 'yes';
    });
    await workbench.page.waitForTimeout(12_000); // the age moves every 10 s
    const isNews = /updated just now/.test((await hover.textContent()) ?? '');
    assert.ok(isNews || (await hover.getAttribute('data-seen')) === 'yes');
    await workbench.moveMouseAway();
  });

  it('Copy Value: copies a row’s label and value', async () => {
    const row = workbench.row('Credits');
    await row.hover();
    await row.locator('[aria-label^="Copy Value"]').click();
    await workbench.page.locator('.statusbar', { hasText: 'Copied: Credits: $0.98 left of $2.00' }).waitFor();
  });

  it('click on the status bar item: opens the actions', async () => {
    await workbench.statusBarItem.click();
    await workbench.choice('Open billing page').waitFor();
    await workbench.picture('actions');
    await workbench.page.keyboard.press('Escape');
  });

  it('Refresh Limits: shows the cost of new requests', async () => {
    await spendAtHuggingFace(workbench, 5);
    await workbench.command('Headroom: Refresh Limits');
    await workbench.statusBarReads('$0.93 left');
  });

  it('side bar: the keyboard moves through the rows, each with an accessible label', async () => {
    await workbench.command('Headroom: Show Hugging Face Limits');
    await workbench.page.locator('.sidebar .monaco-list:focus').waitFor();
    await workbench.page.keyboard.press('Home');
    const focused = workbench.page.locator('.sidebar .monaco-list-row.focused');
    assert.match((await focused.getAttribute('aria-label')) ?? '', /^You pay/);
    await workbench.page.keyboard.press('ArrowDown');
    assert.match((await focused.getAttribute('aria-label')) ?? '', /^Credits, .*left/);
  });

  for (const [theme, picture] of [
    ['Default Light Modern', 'light'],
    ['Default High Contrast', 'high-contrast-dark'],
    ['Default High Contrast Light', 'high-contrast-light'],
  ] as const) {
    it(`hover and icons are shown in ${theme}`, async () => {
      await workbench.colorTheme(theme);
      await workbench.statusBarReads('left'); // a hover closes when its item is updated
      await workbench.hover();
      await workbench.picture(picture);
      await workbench.moveMouseAway();
      await workbench.row('Downloads').locator('.codicon-warning').waitFor();
      await workbench.picture(`tree-${picture}`);
    });
  }
});

/** Sends requests to the router. Each costs a cent until it is settled. */
async function spendAtHuggingFace({ emulator }: Workbench, calls: number): Promise<void> {
  for (let call = 0; call < calls; call++) {
    const response = await fetch(`${emulator.routerUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${emulator.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'acme/Model-7B:novita', messages: [{ role: 'user', content: 'hi' }] }),
    });
    assert.equal(response.status, 200, await response.text());
  }
}
