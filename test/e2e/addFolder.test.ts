import fs from 'node:fs';
import path from 'node:path';
import { pictureFailures } from './pictures.ts';
import { Workbench } from './workbench.ts';

describe('a second folder in the workspace:', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({
      scenario: 'pro',
      signedIn: true,
      workspace: true,
    });
    await workbench.statusBarReads('$0.98 left');
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  it('the chosen billing profile still pays', async () => {
    await workbench.command('Headroom: Switch Billing…');
    await workbench.pick('acme');
    await workbench.pick('Done');
    await workbench.statusBarReads(/acme · \$[\d.]+ left/);
    const second = path.join(workbench.host.dirs.home, 'second');
    fs.mkdirSync(path.join(second, 'data'), { recursive: true });
    await workbench.command('Workspaces: Add Folder to Workspace...');
    const { page } = workbench;
    const dialog = page.locator('.quick-input-widget', { hasText: 'Add Folder to Workspace' });
    // Add does nothing while the dialog still reads a folder
    await dialog.locator('.monaco-list-row', { hasText: 'ws' }).first().waitFor();
    await dialog.locator('input').first().fill(`${second}/`);
    await dialog.locator('.monaco-list-row', { hasText: 'data' }).first().waitFor();
    await dialog.getByRole('button', { name: 'Add' }).click();
    // VS Code may read the new workspace before it has written its folders
    await page.waitForURL(/workspace=/);
    await workbench.reload();
    await page
      .locator('.explorer-folders-view .monaco-list-row', { hasText: 'second' })
      .waitFor({ timeout: 60_000 });
    await workbench.statusBarReads(/acme · \$[\d.]+ left/);
  });
});
