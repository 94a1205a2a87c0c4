import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { tokens } from '../emulator/scenarios.ts';
import { pictureFailures } from './pictures.ts';
import { Workbench } from './workbench.ts';

describe('sign-in after installation:', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({ scenario: 'pro' });
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  it('signed out: status bar and side bar offer the sign-in, and no request is sent', async () => {
    await workbench.statusBarReads('Hugging Face: sign in');
    await workbench.openSideBar();
    await workbench.page.locator('.sidebar .welcome-view', { hasText: 'Sign in with a token' }).waitFor();
    assert.equal(workbench.emulator.requests().length, 0);
    await workbench.picture('signed-out');
  });

  it('click on the status bar item: begins the sign-in', async () => {
    await workbench.statusBarItem.click();
    await workbench.choice('Enter a token that you have').waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  it('unknown token: the input box stays open with the reason', async () => {
    await workbench.command('Headroom: Sign In to Hugging Face…');
    await workbench.pick('Enter a token that you have');
    await workbench.type('hf_not_a_token');
    await workbench.page.keyboard.press('Enter');
    await workbench.page.locator('.quick-input-message', { hasText: 'does not know this token' }).waitFor();
    await workbench.picture('wrong-token');
  });

  it('token with spaces around it: signs in', async () => {
    const box = workbench.page.locator('.quick-input-widget input').first();
    assert.equal(await box.getAttribute('type'), 'password');
    await box.fill(`  ${tokens.ada} `);
    await workbench.page.keyboard.press('Enter');
    await workbench.notification('Signed in as ada (PRO).').waitFor();
    await workbench.statusBarReads('$0.98 left');
    await workbench.row('Credits').waitFor();
  });

  it('Switch Account: adds a second account', async () => {
    await workbench.command('Headroom: Switch Hugging Face Account…');
    await workbench.pick('Add an account…');
    await workbench.pick('Enter a token that you have');
    await workbench.type(tokens.bob);
    await workbench.page.keyboard.press('Enter');
    await workbench.notification('Signed in as bob').waitFor();
    await workbench.row('You pay').filter({ hasText: 'bob' }).waitFor();
  });

  it('Switch Account: switches back to the first', async () => {
    await workbench.command('Notifications: Clear All Notifications');
    await workbench.command('Headroom: Switch Hugging Face Account…');
    await workbench.pick('ada');
    await workbench.statusBarReads('$0.98 left');
  });

  it('reload: stays signed in', async () => {
    await workbench.reload();
    await workbench.statusBarReads('$0.98 left');
  });

  it('Sign Out: signs out and does not switch to another account', async () => {
    await workbench.command('Headroom: Sign Out of Hugging Face');
    await workbench.statusBarReads('Hugging Face: sign in');
    await workbench.notification('Signed out of ada.').waitFor();
  });

  it('secrets: no token in files, command lines or the log', () => {
    const { data, home, ws } = workbench.host.dirs;
    const found = [data, home, ws].flatMap(folder => filesWith(folder, [tokens.ada, tokens.bob]));
    assert.deepEqual(found, []);
    assert.ok(!processArguments().some(line => line.includes(tokens.ada)));
    assert.ok(!workbench.host.log().includes(tokens.ada));
  });
});

describe('sign-in with the token of hf auth login:', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({ scenario: 'pro' });
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  it('a click on the status bar offers the token first, and it is used only after another click', async () => {
    const file = tokenFile(workbench);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, `${tokens.ada}\n`);
    await workbench.statusBarReads('Hugging Face: sign in');
    await workbench.statusBarItem.click();
    const offer = workbench.choice('tools left here');
    await offer.waitFor();
    const first = workbench.page.locator('.quick-input-list .monaco-list-row').first();
    assert.match((await first.textContent()) ?? '', /tools left here/);
    assert.equal(workbench.emulator.requests().length, 0);
    await workbench.picture('sign-in');
    await offer.click();
    await workbench.statusBarReads('$0.98 left');
  });

  it('another token in the file switches the account', async () => {
    fs.writeFileSync(tokenFile(workbench), `${tokens.bob}\n`);
    await workbench.statusBarReads(/\$0\.\d\d (left|used)/);
    await workbench.openSideBar();
    await workbench.row('You pay').filter({ hasText: 'bob' }).waitFor();
  });
});

function tokenFile({ host }: Workbench): string {
  return path.join(host.dirs.home, '.cache/huggingface/token');
}

/** The files under the folder that contain one of the texts. */
function filesWith(folder: string, texts: readonly string[]): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name))
    .filter(file => {
      const bytes = fs.readFileSync(file);
      return texts.some(text => bytes.includes(text));
    });
}

/** The command lines of all processes, where /proc has them. */
function processArguments(): string[] {
  if (!fs.existsSync('/proc/self/cmdline')) return [];
  return fs.readdirSync('/proc').flatMap(id => {
    try {
      return /^\d+$/.test(id) ? [fs.readFileSync(`/proc/${id}/cmdline`, 'utf8')] : [];
    } catch {
      return []; // the process has ended
    }
  });
}
