import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { tokens } from '../emulator/scenarios.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import {
  enter,
  eventually,
  notificationWith,
  pick,
  type SeenByEditor,
  statusBarHas,
  watchEditor,
} from './editor.ts';
import { globalStorage } from './globalStorage.ts';
import { useServers } from './servers.ts';

describe('signing in, in a real extension host', () => {
  let emulator: Emulator;
  let seen: SeenByEditor;

  before(async () => {
    emulator = await startEmulator({ scenario: 'pro' });
    seen = watchEditor();
    await vscode.extensions.getExtension('headroom.headroom')?.activate();
    await statusBarReads('sign in');
  });
  after(async () => {
    await useServers();
    seen.restore();
    await emulator.close();
  });

  const run = (command: string) => vscode.commands.executeCommand(command);

  const statusBarReads = (text: string) => statusBarHas(seen, text);
  const isNotified = (text: string) => notificationWith(seen, text);

  /** Picks how to sign in, and waits for the password box. */
  async function askForToken(way: string): Promise<vscode.InputBox> {
    const boxes = seen.boxes.length;
    await pick([way], () => run('headroom.signIn'));
    return eventually(
      () => 'the password box opens',
      () => seen.boxes[boxes],
    );
  }

  async function signInWith(token: string, expected: string): Promise<void> {
    const box = await askForToken('Enter a token that you have');
    const count = seen.notifications.length;
    await enter(box, token, () => seen.notifications.length > count);
    await isNotified(expected);
  }

  it('uses changed server settings without a reload', async () => {
    await useServers(emulator);
    await signInWith(tokens.bob, 'Signed in as bob');
    assert.ok(emulator.requests().some(({ path }) => path === '/api/whoami-v2'));
  });

  it('shows the permissions that an accepted token lacks', async () => {
    await signInWith(tokens.adaNothing, 'Signed in as ada (PRO).');
    assert.match(seen.notifications.at(-1) ?? '', /billing/i);
  });

  it('opens the page for a new token with the permissions ticked', async () => {
    const box = await askForToken('Make a new token on huggingface.co');
    assert.match(seen.openedPages[0] ?? '', /^https:\/\/huggingface\.co\/settings\/tokens\/new\?.*billing/);
    box.hide();
  });

  it('Make a Token opens that page without a question, and asks for the token', async () => {
    const [boxes, pages] = [seen.boxes.length, seen.openedPages.length];
    void run('headroom.makeToken');
    const box = await eventually(
      () => 'the password box opens',
      () => seen.boxes[boxes],
    );
    assert.match(seen.openedPages[pages] ?? '', /settings\/tokens\/new\?.*billing/);
    box.hide();
  });

  it('keeps the box open for a wrong token, and accepts the right one with a newline', async () => {
    const box = await askForToken('Enter a token that you have');
    assert.equal(box.password, true);
    const says = () => String(box.validationMessage ?? '');
    await enter(box, 'hf_wrong', () => says() !== '');
    assert.match(says(), /does not know this token/);
    const asked = emulator.requests().length;
    for (const prefix of ['hf_headroom_', 'hf_HEADROOM_', '"hf_headroom_']) {
      await enter(box, `${prefix}QUJDREVGR0hJSktMTU5PUFFSU1RV`, () => says().includes('gateway'));
      assert.match(says(), /key of Headroom’s gateway, not a token of Hugging Face/);
    }
    assert.equal(emulator.requests().length, asked);
    const count = seen.notifications.length;
    await enter(box, `${tokens.ada}\n`, () => seen.notifications.length > count);
    assert.equal(seen.notifications.at(-1), 'Signed in as ada (PRO).');
    await statusBarReads('$0.98 left');
  });

  it('fills the tree', async () => {
    const roots = (await seen.tree?.getChildren()) ?? [];
    const labels = await Promise.all(roots.map(async id => (await seen.tree?.getTreeItem(id))?.label));
    for (const section of ['You pay', 'Hub limits', 'Endpoints']) {
      assert.ok(labels.includes(section), `${section} in ${labels.join(', ')}`);
    }
  });

  it('writes the token to no file of Headroom', () => {
    const folder = globalStorage();
    const files = fs.readdirSync(folder);
    assert.ok(files.includes('ledger.db'), files.join(', '));
    for (const file of files) {
      assert.equal(fs.readFileSync(path.join(folder, file)).includes(tokens.ada), false, file);
    }
  });

  it('switches between accounts', async () => {
    await pick(['bob'], () => run('headroom.switchAccount'));
    await statusBarReads('$0.10 left');
    await pick(['ada'], () => run('headroom.switchAccount'));
    await statusBarReads('$0.98 left');
  });

  it('shows the numbers of the servers in changed settings', async () => {
    const other = await startEmulator({ scenario: 'low-credits' });
    await useServers(other);
    await statusBarReads('$0.09 left');
    await useServers(emulator);
    await statusBarReads('$0.98 left');
    await other.close();
  });

  it('a click on the status bar opens the actions', () => {
    assert.equal(seen.statusBarItem?.command, 'headroom.showActions');
  });

  it('signs out: forgets the token and sends no request with it', async () => {
    await run('headroom.signOut');
    await isNotified('Signed out of ada.');
    await statusBarReads('sign in');
    assert.equal(seen.statusBarItem?.command, 'headroom.signIn');
    const asked = emulator.requests().length;
    await run('headroom.refresh');
    assert.equal(emulator.requests().length, asked);
    const accounts = await pick(['bob'], () => run('headroom.signIn'));
    assert.equal(accounts.includes('ada'), false);
    await statusBarReads('$0.10 left');
    await run('headroom.signOut');
    await isNotified('Signed out of bob.');
  });

  it('signed out: the actions offer to sign in, and no other account to switch to', async () => {
    const { showQuickPick } = vscode.window;
    let labels: string[] = [];
    const read = async (items: readonly vscode.QuickPickItem[]) => {
      labels = items.map(({ label }) => label);
    };
    Object.assign(vscode.window, { showQuickPick: read });
    try {
      await run('headroom.showActions');
    } finally {
      Object.assign(vscode.window, { showQuickPick });
    }
    assert.deepEqual(labels, ['Sign in to Hugging Face…', 'Switch billing…', 'Show log']);
  });

  it('signed out: Verify Billing sends nothing, and says why', async () => {
    const asked = emulator.requests().length;
    await run('headroom.verifyBilling');
    await isNotified('Nobody is signed in, so nothing was sent.');
    assert.equal(emulator.requests().length, asked);
  });

  it('offers the token of HF’s own tools once, however many files have it, and leaves it there at sign-out', async () => {
    process.env.HF_TOKEN = tokens.eve;
    process.env.HUGGING_FACE_HUB_TOKEN = tokens.eve;
    try {
      const found = 'Use the token that Hugging Face’s tools left here';
      const labels = await pick([found], () => run('headroom.signIn'));
      assert.equal(labels[0], found);
      assert.equal(labels.filter(label => label === found).length, 1);
      await isNotified('Signed in as eve');
      await run('headroom.signOut');
      await isNotified(
        'The token itself stays where Hugging Face’s tools keep it: Environment variable HF_TOKEN.',
      );
    } finally {
      delete process.env.HF_TOKEN;
      delete process.env.HUGGING_FACE_HUB_TOKEN;
    }
  });
});
