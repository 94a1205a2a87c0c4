import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { ChatProgram } from './chatProgram.ts';
import { dashboardPage, dashboardProblems } from './dashboardPage.ts';
import { writeMonthOfUse } from './monthOfUse.ts';
import { pictureFailures, takePicture } from './pictures.ts';
import { openTerminal } from './terminal.ts';
import { Workbench } from './workbench.ts';
import { viewport } from './workbenchWindow.ts';
import { workbenchWithGateway } from './workbenchWithGateway.ts';

const pngSignature = '89504e470d0a1a0a';

describe('dashboard:', () => {
  let workbench: Workbench;
  let program: ChatProgram;
  const refusedByPolicy: string[] = [];
  before(async () => {
    workbench = await workbenchWithGateway();
    workbench.page.on('console', message => {
      if (/Content Security Policy/.test(message.text())) refusedByPolicy.push(message.text());
    });
    writeMonthOfUse(workbench, 1_020_000_000);
    await workbench.reload(); // the month's earlier spend is read at the start
    await workbench.logSays('The gateway listens');
    await workbench.statusBarReads('$0.98 left');
    program = new ChatProgram(workbench);
    await openTerminal(workbench);
    await program.run();
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  const press = (key: string) => workbench.page.keyboard.press(key);
  const page = () => dashboardPage(workbench);
  const card = (id: string): Locator => page().locator(`.card-${id}`);
  const saved = (name: RegExp) => {
    const file = fs.readdirSync(workbench.host.dirs.ws).find(entry => name.test(entry));
    return file === undefined ? undefined : fs.readFileSync(path.join(workbench.host.dirs.ws, file));
  };
  /** VS Code's dialog in the browser is a quick input with the path in it. */
  const save = async () => {
    const input = workbench.page.locator('.quick-input-widget input').first();
    await input.waitFor();
    await press('Enter');
    await page().locator('.notice', { hasText: 'Saved: ' }).waitFor();
  };

  it('opens from the status bar’s menu, with what is left and what it went for', async () => {
    await press('Control+J'); // the panel makes room
    await workbench.statusBarItem.click();
    await workbench.pick('Open dashboard');
    await card('credits').locator('.summary', { hasText: 'left of $2.00' }).waitFor();
    await page().getByRole('heading', { level: 1, name: 'You pay' }).waitFor();
    await card('spend').locator('.note', { hasText: 'Counted here' }).waitFor();
    await card('credits').locator('.note', { hasText: 'From Hugging Face' }).waitFor();
    assert.equal(await page().locator('.card').count(), 8);
    await card('prices').locator('.summary', { hasText: 'At list prices' }).waitFor();
    await workbench.page.setViewportSize({ width: 1280, height: 2_400 });
    await workbench.picture('dashboard-whole');
    await workbench.page.setViewportSize(viewport);
  });

  it('opens from the view’s title, and there is only one', async () => {
    await workbench.openSideBar();
    await workbench.page.locator('.sidebar [aria-label^="Open Dashboard"]').first().click();
    await card('credits').waitFor();
    assert.equal(await workbench.page.locator('.tab', { hasText: 'Headroom Dashboard' }).count(), 1);
    await press('Control+B');
  });

  it('is used by keyboard: the time, the split, and the values of each day', async () => {
    const range = page().getByRole('combobox', { name: 'Time range' });
    await range.focus();
    await press('Home');
    const chart = card('spend').getByRole('slider');
    await card('spend').locator('[aria-valuemax="6"]').waitFor();
    await card('spend').getByRole('radio').first().focus();
    await press('ArrowRight');
    await card('spend').locator('.legend', { hasText: 'Llama-3.1-8B-Instruct' }).waitFor();
    await press('Tab');
    const last = await chart.getAttribute('aria-valuetext');
    await card('spend').locator('.tooltip').waitFor();
    await press('ArrowLeft');
    await press('ArrowLeft');
    assert.notEqual(await chart.getAttribute('aria-valuetext'), last);
    await press('Home');
    const values = [await chart.getAttribute('aria-valuetext')];
    for (let bin = 1; bin < 7; bin++) {
      await press('ArrowRight');
      values.push(await chart.getAttribute('aria-valuetext'));
      if (/Credits used up/.test(values.at(-1) ?? '')) break;
    }
    assert.match(values.at(-1) ?? '', /Credits used up, pays now: acme: .* UTC/);
    await workbench.picture('dashboard-switch');
    await press('Escape');
    await card('spend').locator('.tooltip').waitFor({ state: 'detached' });
  });

  it('shows the values below the pointer, and series that are switched off no more', async () => {
    await card('spend').locator('.plot').hover();
    await card('spend').locator('.tooltip').waitFor();
    await workbench.picture('dashboard-values');
    const series = card('spend').locator('.legend button').first();
    const shapes = card('spend').locator('svg.chart path.shape');
    const before = await shapes.count();
    await series.click();
    assert.equal(await series.getAttribute('aria-pressed'), 'false');
    assert.equal(await shapes.count(), before - 1);
    await series.click();
  });

  it('has a table behind each chart, which stays open and focused when figures change', async () => {
    const use = card('use');
    await use.getByText('Table and export').click();
    const before = await use.locator('.summary').textContent();
    await use.locator('table').waitFor();
    const scroll = use.locator('.table-scroll');
    await scroll.focus();
    await press('Control+J');
    await program.run();
    await press('Control+J');
    await use
      .locator('.summary')
      .filter({ hasNotText: before ?? '' })
      .waitFor({ timeout: 20_000 });
    assert.ok(await use.locator('table').isVisible());
    await workbench.picture('dashboard-table');
  });

  it('saves a table as CSV and as JSON, and a chart as a picture', async () => {
    const spend = card('spend');
    await spend.getByText('Table and export').click();
    await spend.getByRole('button', { name: 'CSV' }).click();
    await save();
    assert.match(saved(/^headroom-spend-.*\.csv$/)?.toString() ?? '', /^[a-z_]+(,[a-z_]+)+\r\n.*\d/s);
    await spend.getByRole('button', { name: 'Picture (PNG)' }).click();
    await save();
    assert.equal(
      saved(/^headroom-spend-.*\.png$/)
        ?.subarray(0, 8)
        .toString('hex'),
      pngSignature,
    );
    await page().getByText('Export', { exact: true }).click();
    await page().getByRole('button', { name: 'All tables as JSON' }).click();
    await save();
    const all = JSON.parse(saved(/^headroom-dashboard-.*\.json$/)?.toString() ?? '') as object;
    assert.deepEqual(Object.keys(all), [
      'credits',
      'spend',
      'use',
      'latency',
      'refusals',
      'windows',
      'endpoints',
      'prices',
    ]);
  });

  it('saves itself as a page that a browser prints, with all charts and the open tables', async () => {
    await page().getByText('Export', { exact: true }).click();
    await page().getByRole('button', { name: 'Page to print (HTML)' }).click();
    await save();
    await page().locator('.notice', { hasText: 'Open it in a browser to print it.' }).waitFor();
    const printed = await workbench.page.context().newPage();
    await printed.setContent(saved(/^headroom-dashboard-.*\.html$/)?.toString() ?? '');
    await printed.emulateMedia({ media: 'print' });
    assert.equal(await printed.locator('.card').count(), 8);
    assert.ok((await printed.locator('svg.chart path.shape').count()) > 3);
    await printed.locator('.card-spend .legend', { hasText: 'Llama-3.1-8B-Instruct' }).waitFor();
    await printed.locator('.card-spend', { hasText: 'Model' }).waitFor();
    assert.equal(await printed.locator('script, button, select, details, [role=slider]').count(), 0);
    assert.ok((await printed.locator('.card-use tbody tr').count()) > 3);
    await printed.getByText(/^Last \d+ days$/).waitFor();
    await takePicture(printed, 'dashboard-printed');
    await printed.close();
  });

  it('has nothing that axe-core finds wrong, with tables and values open', async () => {
    await card('spend').getByRole('slider').focus();
    assert.deepEqual(await dashboardProblems(workbench), []);
  });

  it('loads nothing that its policy refuses', () => {
    assert.deepEqual(refusedByPolicy, []);
  });

  for (const [theme, name] of [
    ['Light Modern', 'light'],
    ['Dark High Contrast', 'high-contrast'],
    ['Light High Contrast', 'high-contrast-light'],
  ] as const) {
    it(`follows the theme ${theme}`, async () => {
      await workbench.pickTheme(theme);
      await page().locator(`body.vscode-${name}`).waitFor();
      assert.deepEqual(await dashboardProblems(workbench), []);
      await workbench.picture(`dashboard-${name}`);
    });
  }

  it('comes back after a reload, with its choices', async () => {
    await workbench.reload();
    await card('credits').locator('.summary', { hasText: 'left of $2.00' }).waitFor({ timeout: 30_000 });
    assert.equal(await page().getByRole('combobox', { name: 'Time range' }).inputValue(), '7-days');
    assert.ok(await card('use').locator('table').isVisible());
  });

  it('has one column, and cuts nothing, in a narrow editor', async () => {
    await workbench.page.setViewportSize({ width: 400, height: 940 });
    await card('credits').locator('.summary', { hasText: 'left of $2.00' }).waitFor();
    const beyond: unknown = await page()
      .locator('body')
      .evaluate('document.documentElement.scrollWidth - innerWidth');
    assert.equal(beyond, 0);
    assert.deepEqual(await dashboardProblems(workbench), []);
    await workbench.picture('dashboard-narrow');
  });
});

describe('dashboard in German, of a token that may not read everything:', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({ scenario: 'no-permission', signedIn: true, language: 'de' });
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  it('says what is missing and how to mend it, and shows the rest', async () => {
    await workbench.command('Headroom: Dashboard öffnen');
    await dashboardPage(workbench).locator('.problem').first().waitFor();
    await dashboardPage(workbench).locator('select', { hasText: 'Letzte 30 Tage' }).waitFor();
    await workbench.page.keyboard.press('Control+B');
    await workbench.picture('dashboard-german');
    assert.deepEqual(await dashboardProblems(workbench), []);
  });
});

describe('dashboard of a first user, without a token', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open();
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  it('claims no payer and no figure, and offers to sign in', async () => {
    await workbench.command('Headroom: Open Dashboard');
    const page = dashboardPage(workbench);
    await page.getByRole('heading', { level: 1, name: /^Nobody pays yet/ }).waitFor();
    await page.locator('.card-credits').getByRole('button', { name: 'Sign in' }).waitFor();
    assert.doesNotMatch((await page.locator('.card-credits').textContent()) ?? '', /\$\d/);
    await workbench.picture('dashboard-signed-out');
    assert.deepEqual(await dashboardProblems(workbench), []);
  });
});
