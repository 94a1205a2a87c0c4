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
    const { host, page } = workbench;
    const second = path.join(host.dirs.home, 'second');
    fs.mkdirSync(second);
    // as Add Folder writes it, and VS Code may read that while it is empty
    const untitled = path.join(host.dirs.data, 'User/Workspaces/Untitled-1796014475653.code-workspace');
    const folders = [host.dirs.ws, second].map(folder => ({
      uri: `vscode-remote://${host.authority}${folder}`,
    }));
    fs.mkdirSync(path.dirname(untitled));
    fs.writeFileSync(untitled, JSON.stringify({ folders, remoteAuthority: host.authority, settings: {} }));
    await page.goto(host.url({ workspaceFile: untitled }), { waitUntil: 'commit' });
    await workbench.statusBarItem.waitFor({ timeout: 60_000 });
    // VS Code drops the folders if it reads them too early, and shows them from its cache in the next window
    await workbench.reload();
    await page
      .locator('.explorer-folders-view .monaco-list-row', { hasText: 'second' })
      .waitFor({ timeout: 60_000 });
    await workbench.statusBarReads(/acme · \$[\d.]+ left/);
  });
});
