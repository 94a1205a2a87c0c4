import assert from 'node:assert/strict';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { node } from './chatProgram.ts';
import { pictureFailures } from './pictures.ts';
import { openTerminal, runInTerminal, shellIntegration, terminalShows } from './terminal.ts';
import { Workbench } from './workbench.ts';

describe('refusals seen in the editor:', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({
      scenario: 'pro',
      signedIn: true,
      workspace: true,
      extensions: [path.resolve(import.meta.dirname, 'programs')],
      settings: shellIntegration,
    });
    await workbench.statusBarReads('$0.98 left');
    await workbench.openSideBar();
    await workbench.widenSideBar(560);
    await workbench.row('Hardware quota').click(); // makes room for the rows below
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  /** Waits for the row, at most 2 s after the refusal is on screen. */
  const appears = (limit: string, source: RegExp) =>
    workbench.rows(limit).filter({ hasText: source }).waitFor({ timeout: 2_000 });
  /** Opens the row's document, rendered, and waits for the lines. */
  const explains = async (row: Locator, ...lines: RegExp[]) => {
    await row.click();
    await row.press('Enter');
    await workbench.page.locator('.tab.active', { hasText: /^Preview 4\d\d at / }).waitFor();
    for (const line of lines) await workbench.webviewSays(line);
    await workbench.moveMouseAway();
    // a row updated during the click would fail with this
    assert.equal(await workbench.notification('command not found').count(), 0);
  };

  it('terminal: output of a program', async () => {
    await openTerminal(workbench);
    await runInTerminal(workbench, `${node} train.cjs`);
    await terminalShows(workbench, /rate-limits/);
    // it opens by itself
    await workbench
      .row('Refused lately')
      .filter({ hasText: '1 in the last hour' })
      .waitFor({ timeout: 2_000 });
    await appears('Hub API', /×1 · train\.cjs · \d\d:\d\d$/);
    await workbench.moveMouseAway();
    await workbench.picture('refused-in-terminal');
    const hover = await workbench.hover();
    await hover.getByText(/Now.*Hub API window, 1,000 \/ 5 min · refused at .*train\.cjs/).waitFor();
    await hover.getByRole('link', { name: 'Refused lately', exact: true }).waitFor();
    await workbench.picture('hover-refused');
    await workbench.moveMouseAway();
    await explains(
      workbench.row('Hub API'),
      /Hub’s api window is full/,
      /Seen in: terminal/,
      /Cause: too many requests/,
    );
    await workbench.picture('refusal-explained');
    await workbench.page.locator('.editor-actions [aria-label^="What to Do Now"]').first().click();
    await workbench.choice('Compare plans').waitFor();
    await workbench.picture('refusal-help');
    await workbench.pick('Copy as Markdown');
    await workbench.page.locator('.statusbar', { hasText: 'Copied one refusal as Markdown' }).waitFor();
  });

  it('another extension: a 429 of its fetch', async () => {
    workbench.emulator.world.patch({ limits: { resolvers: 11_990 } }); // as many as used
    await workbench.command('Programs: Read a Model’s File');
    await appears('Hub downloads', /opens in .* · ×1 · another extension · \d\d:\d\d$/);
    await workbench.picture('refused-another-extension');
    await explains(
      workbench.row('Hub downloads'),
      /Seen in: another extension/,
      /Cause: too many requests/,
      /ratelimit: "resolvers";r=0/,
    );
  });

  it('debug console: output of a program', async () => {
    await workbench.page.keyboard.press('F5');
    await workbench.page.locator('.repl', { hasText: 'Upgrade to Dev Tier' }).waitFor();
    await appears('groq tokens/min', /×1 · Chat · \d\d:\d\d$/);
    await workbench.picture('refused-in-debug-console');
    await explains(workbench.rows('groq tokens/min'), /Seen in: debug console/, /Cause: too many tokens/);
  });

  it('notebook: a cell’s error is the commit limit, not the window that the library names', async () => {
    await workbench.command('View: Toggle Panel Visibility');
    await workbench.openFile('upload.ipynb');
    await workbench.page
      .locator('.notebook-toolbar-container', { hasText: 'Run All' })
      .getByText('Run All')
      .click();
    const outputs = workbench.page.frameLocator('iframe.webview').frameLocator('#active-frame');
    await outputs.getByText('exceeded the rate limit for repository commits').waitFor();
    await appears('repository', /×1 · upload\.ipynb, cell 2 · \d\d:\d\d$/);
    await workbench.notification('upload.ipynb, cell 2 is refused').waitFor();
    await workbench.picture('refused-in-notebook');
    await explains(workbench.rows('repository'), /Seen in: notebook/, /Cause: quota/);
    await workbench.picture('refused-everywhere');
  });
});
