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
  pickFrom,
  type SeenByEditor,
  statusBarHas,
  watchEditor,
} from './editor.ts';
import { globalStorage } from './globalStorage.ts';
import { useServers } from './servers.ts';

const groqKey = 'gsk-ada-emulated';

describe('switching the payer, in a real extension host', () => {
  let emulator: Emulator;
  let seen: SeenByEditor;
  let copied: string | undefined;
  const { clipboard } = vscode.env;

  const run = (command: string) => vscode.commands.executeCommand(command);

  const statusBarReads = (text: string) => statusBarHas(seen, text);
  const isNotified = (text: string | RegExp) => notificationWith(seen, text);

  async function openPicker(): Promise<vscode.QuickPick<vscode.QuickPickItem>> {
    const count = seen.quickPicks.length;
    void run('headroom.switchBilling');
    return await eventually(
      () => 'the picker opens',
      () => seen.quickPicks[count],
    );
  }

  before(async () => {
    emulator = await startEmulator({ scenario: 'pro' });
    seen = watchEditor();
    await vscode.extensions.getExtension('headroom.headroom')?.activate();
    await useServers(emulator);
    const writeText = async (text: string) => {
      copied = text;
    };
    Object.defineProperty(vscode.env, 'clipboard', {
      configurable: true,
      value: { ...clipboard, writeText },
    });
    process.env.HF_TOKEN = tokens.ada;
    await pick(['Use the token that Hugging Face’s tools left here'], () => run('headroom.signIn'));
    await isNotified('Signed in as ada');
    await statusBarReads('$0.98 left');
    await run('headroom.refresh');
  });
  after(async () => {
    await run('headroom.useHuggingFaceBilling');
    await run('headroom.signOut');
    delete process.env.HF_TOKEN;
    await useServers();
    Object.defineProperty(vscode.env, 'clipboard', { configurable: true, value: clipboard });
    seen.restore();
    await emulator.close();
  });

  it('lists every choice, and why one can’t be billed', async () => {
    const box = await openPicker();
    const rows = box.items.map(({ label, description }) => `${label} | ${description ?? ''}`);
    assert.match(rows[0] ?? '', /^You · PRO \| current · \$0\.98 left of \$2\.00$/);
    assert.ok(
      rows.some(row => /^acme · Team \| \$[\d.]+ left of \$[\d.]+ · you are an admin$/.test(row)),
      rows.join('\n'),
    );
    assert.ok(rows.some(row => row.startsWith('acme / research | resource group')));
    const apart = rows.findIndex(row => row.startsWith('can’t be billed'));
    assert.equal(box.items[apart]?.kind, vscode.QuickPickItemKind.Separator);
    assert.ok(apart < rows.findIndex(row => /^freebies \| free plan/.test(row)), rows.join('\n'));
    assert.ok(rows.findIndex(row => row.startsWith('acme')) < apart, rows.join('\n'));
    assert.match(box.items.at(-2)?.detail ?? '', /^The provider bills/);
    assert.match(box.items.at(-1)?.detail ?? '', /Team or Enterprise/);
    assert.equal(box.activeItems[0]?.label, 'You · PRO');
    box.hide();
  });

  it('shows how programs follow a switch, unless the settings do that', async () => {
    const said = () => seen.notifications.filter(text => text.startsWith('This counts for programs')).length;
    const before = said();
    const environment = vscode.workspace.getConfiguration('headroom.environment');
    await environment.update('anthropic', true, vscode.ConfigurationTarget.Global);
    await run('headroom.useHuggingFaceBilling');
    assert.equal(said(), before);
    await environment.update('anthropic', undefined, vscode.ConfigurationTarget.Global);
    await run('headroom.useHuggingFaceBilling');
    assert.equal(said(), before + 1);
  });

  it('bills an organization, and shows it in status bar and tree at once', async () => {
    const box = await openPicker();
    await pickFrom(
      box,
      'acme · Team',
      () => seen.statusBarItem?.text.includes('$(organization) acme · $') ?? false,
    );
    await run('headroom.refresh');
    const section = await seen.tree?.getTreeItem('billing');
    assert.equal(section?.label, 'acme pays');
    const row = await seen.tree?.getTreeItem('billing/credits');
    assert.match(String(row?.description), /^\$[\d.]+ left of/);
  });

  it('keeps showing the payer while the server URL is invalid', async () => {
    const { hubUrl } = emulator;
    const configuration = vscode.workspace.getConfiguration('headroom');
    await configuration.update('hubUrl', 'not a url', vscode.ConfigurationTarget.Global);
    await eventually(
      () => `the status bar reports the URL: ${seen.statusBarItem?.text}`,
      () => !seen.statusBarItem?.text.includes('acme · $'),
    );
    assert.match(seen.statusBarItem?.text ?? '', /\$\(organization\) acme · /);
    assert.match(seen.statusBarItem?.accessibilityInformation?.label ?? '', /^Bills acme\./);
    await configuration.update('hubUrl', hubUrl, vscode.ConfigurationTarget.Global);
    await statusBarReads('$(organization) acme · $');
  });

  it('asks before it bills who can’t pay, and choosing another is the highlighted button', async () => {
    const { showWarningMessage } = vscode.window;
    const asked: string[][] = [];
    const count = seen.quickPicks.length;
    const answer = async (...texts: string[]) => {
      asked.push(texts);
      return 'Choose another…';
    };
    Object.assign(vscode.window, { showWarningMessage: answer });
    try {
      await pickFrom(await openPicker(), 'freebies', () => asked.length > 0);
      const next = await eventually(
        () => 'the picker opens again',
        () => seen.quickPicks[count + 1],
      );
      next.hide();
    } finally {
      Object.assign(vscode.window, { showWarningMessage });
    }
    const refusal =
      'freebies can’t be billed: free plan: Hugging Face bills organizations on Team or Enterprise only.';
    assert.deepEqual(asked, [[refusal, 'Choose another…', 'Bill it anyway']]);
    await statusBarReads('$(organization) acme · $');
  });

  it('Bill an Organization lists organizations only', async () => {
    const count = seen.quickPicks.length;
    void run('headroom.billOrganization');
    const box = await eventually(
      () => 'the picker opens',
      () => seen.quickPicks[count],
    );
    const labels = box.items.map(({ label }) => label);
    assert.match(labels[0] ?? '', /^acme/);
    assert.ok(labels.includes('freebies'), labels.join());
    assert.equal(
      labels.some(label => label.startsWith('You') || label === 'Add a provider key…'),
      false,
    );
    box.hide();
  });

  it('verifies through the gateway that the organization is billed', async () => {
    await run('headroom.verifyBilling');
    const message = await isNotified(/answered with|could not be billed/);
    assert.match(message, / answered with .+\. Billed: acme\. It cost about \$0\.0000/);
    const chats = emulator.requests().filter(({ path: url }) => url === '/v1/chat/completions');
    assert.equal(chats.at(-1)?.headers['x-hf-bill-to'], 'acme');
  });

  it('copies a snippet for the organization, without a secret', async () => {
    await pick(['curl', 'Directly'], () => run('headroom.copySnippet'));
    const text = await eventually(
      () => 'the snippet is on the clipboard',
      () => copied,
    );
    assert.match(text, /X-HF-Bill-To: acme/);
    assert.match(text, /Bearer \$HF_TOKEN/);
    assert.equal(text.includes(tokens.ada), false);
  });

  it('stores a provider key only if the provider accepts it, and lets it pay', async () => {
    const count = seen.boxes.length;
    await pick(['groq'], () => run('headroom.useProviderKey'));
    const box = await eventually(
      () => 'the password box opens',
      () => seen.boxes[count],
    );
    assert.equal(box.password, true);
    const says = () => String(box.validationMessage ?? '');
    await enter(box, 'wrong-key', () => says() !== '');
    assert.match(says(), /Groq rejected this key/);
    await enter(box, `${groqKey}\n`, () => seen.statusBarItem?.text === '$(key) groq');
    for (const file of fs.readdirSync(globalStorage())) {
      assert.equal(fs.readFileSync(path.join(globalStorage(), file)).includes(groqKey), false, file);
    }
  });

  it('copies a snippet for the key, with the provider’s own model name', async () => {
    copied = undefined;
    await pick(['curl', 'Directly'], () => run('headroom.copySnippet'));
    const text = await eventually(
      () => 'the snippet is on the clipboard',
      () => copied,
    );
    assert.match(text, /"model":"llama-3\.1-8b-instant"/);
    assert.match(text, /Bearer \$GROQ_API_KEY/);
    assert.equal(text.includes(groqKey), false);
  });

  it('copies a file without asking for a route: in a terminal with Headroom it would say nothing', async () => {
    copied = undefined;
    await pick(['.env'], () => run('headroom.copySnippet'));
    const text = await eventually(
      () => 'the file is on the clipboard',
      () => copied,
    );
    assert.match(text, /^OPENAI_BASE_URL="http/m);
  });

  it('verifies that the key is billed', async () => {
    seen.notifications.length = 0;
    await run('headroom.verifyBilling');
    const message = await isNotified(/answered with|could not be billed/);
    assert.match(message, /^Groq answered with .+\. Billed: your groq key\. It cost about \$0\.0000/);
  });

  it('Manage Provider Keys does not offer to let a key pay that pays already', async () => {
    const labels = await pick(['groq', 'Check it again'], () => run('headroom.manageProviderKeys'));
    assert.deepEqual(labels, ['Check it again', 'Replace it…', 'Delete it']);
    await isNotified('Groq accepts this key.');
  });

  it('deletes a key, and warns that it was the payer', async () => {
    await pick(['groq', 'Delete it'], () => run('headroom.manageProviderKeys'));
    await isNotified('The key of Groq was deleted. It was the payer here');
  });

  it('returns to Hugging Face’s billing', async () => {
    await run('headroom.useHuggingFaceBilling');
    await statusBarReads('$(hubot)');
  });
});
