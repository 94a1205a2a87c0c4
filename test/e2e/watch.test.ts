import path from 'node:path';
import { NODE } from './asker.ts';
import { openTerminal, runInTerminal, terminalShows } from './terminal.ts';
import { pictureFailures, Workbench } from './workbench.ts';

describe('a person whose program is refused by Hugging Face', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({
      scenario: 'pro',
      signedIn: true,
      workspace: path.resolve(import.meta.dirname, 'workspace'),
      settings: {
        'terminal.integrated.shellIntegration.enabled': true,
        // VS Code's integration of bash wants one without arguments
        'terminal.integrated.profiles.linux': { bash: { path: '/bin/bash' } },
      },
    });
    await workbench.statusBarReads('$0.98 left');
    await workbench.openSideBar();
    await workbench.row('Hardware quota').click(); // room for what is below
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  const refused = () => workbench.page.locator('.sidebar .monaco-list-row', { hasText: 'train.cjs' }).first();

  it('sees within two seconds which limit it was and which program met it', async () => {
    await openTerminal(workbench);
    await runInTerminal(workbench, `${NODE} train.cjs`);
    await terminalShows(workbench, /rate-limits/);
    await workbench.row('Recent 429s').filter({ hasText: '1 in the last hour' }).waitFor({ timeout: 2_000 });
    await workbench.row('Recent 429s').click();
    await refused()
      .filter({ hasText: /Hub.*terminal/ })
      .waitFor();
    await workbench.lookAway();
    await workbench.picture('refused-in-terminal');
  });

  it('opens what happened, why, and what to do', async () => {
    await refused().click();
    await refused().press('Enter');
    await workbench.page
      .locator('.editor-instance .view-lines')
      .filter({ hasText: /Hub’s.api.window.is.full/ })
      .waitFor();
    await workbench.lookAway();
    await workbench.picture('refusal-explained');
  });
});
