import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openLedger } from '../../src/ledger/openLedger.ts';
import type { Refusal } from '../../src/limits/refusals/refusal.ts';
import { limitKey } from '../../src/view/refusals/refusalGroups.ts';
import { tokens } from '../emulator/scenarios.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { eventually, pick, type SeenByEditor, watchEditor } from './editor.ts';
import { globalStorage } from './globalStorage.ts';
import { useServers } from './servers.ts';

const minute = 60_000;

describe('recent refusals, in a real extension host', function () {
  this.timeout(60_000);
  let emulator: Emulator;
  let seen: SeenByEditor;
  const copied: string[] = [];
  const { clipboard } = vscode.env;
  const groq: Omit<Refusal, 'at'> = {
    status: 429,
    cause: 'tokens',
    by: 'groq',
    scope: 'tokens per minute',
    limit: 12_000,
    source: 'gateway',
    message: 'Rate limit reached for model `m` on tokens per minute',
    headers: { 'retry-after': '7', 'x-request-id': 'req-1' },
  };
  const hub: Omit<Refusal, 'at'> = {
    status: 429,
    cause: 'rate',
    by: 'huggingface',
    scope: 'api',
    limit: 2_500,
    windowSeconds: 300,
    source: 'terminal',
    program: 'python train.py',
    message: 'We had to rate limit you',
  };

  const run = (command: string, ...args: unknown[]) => vscode.commands.executeCommand(command, ...args);
  const rows = async () => (await seen.tree?.getChildren('refusals')) ?? [];
  const described = async (id: string) => {
    const { label, description, contextValue, command } = (await seen.tree?.getTreeItem(id)) ?? {};
    return { text: `${String(label)} | ${String(description)}`, contextValue, command };
  };
  const lists = (count: number) => until(async () => (await rows()).length === count, `${count} rows`);
  /** The document of the Markdown preview that is shown. */
  const shownDocument = (text: string) =>
    eventually(
      () =>
        `a document with ${text} opens rendered: ${vscode.window.tabGroups.activeTabGroup.activeTab?.label}`,
      () => {
        const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
        const isPreview = input instanceof vscode.TabInputWebview && /markdown\.preview/.test(input.viewType);
        const documents = vscode.workspace.textDocuments.filter(
          ({ uri }) => uri.scheme === 'headroom-refusal',
        );
        return isPreview && documents.find(document => document.getText().includes(text));
      },
    );

  async function until(probe: () => Promise<boolean>, what: string): Promise<void> {
    let found = false;
    let asking = false;
    await eventually(
      () => what,
      () => {
        if (!asking && !found) {
          asking = true;
          void probe().then(result => {
            found = result;
            asking = false;
          });
        }
        return found;
      },
    );
  }

  before(async () => {
    emulator = await startEmulator({ scenario: 'pro' });
    seen = watchEditor();
    await vscode.extensions.getExtension('headroom.headroom')?.activate();
    await useServers(emulator);
    const writeText = async (text: string) => void copied.push(text);
    Object.defineProperty(vscode.env, 'clipboard', {
      configurable: true,
      value: { ...clipboard, writeText },
    });
    process.env.HF_TOKEN = tokens.ada;
    await pick(['Use the token that Hugging Face’s tools left here'], () => run('headroom.signIn'));
    await forgetAll();
    const ledger = openLedger({ directory: globalStorage(), now: Date.now });
    // not as old as this file: only news are notified
    const now = Date.now();
    const news: Refusal = { ...hub, at: now - 10_000, resetsAt: now + 4 * minute };
    // other tests may have refused the same limit, whose episode would go on
    ledger.setPreference(`notice/blocked/${limitKey(news)}`, undefined);
    ledger.recordRefusals([
      { ...groq, at: now - minute },
      { ...groq, at: now - minute + 1_000, model: 'org/other' },
      news,
    ]);
    ledger.close();
    await run('headroom.refresh');
    await lists(2);
  });
  after(async () => {
    await run('workbench.action.closeAllEditors');
    await run('headroom.showAllRefusals');
    await forgetAll();
    await run('headroom.signOut');
    delete process.env.HF_TOKEN;
    await useServers();
    Object.defineProperty(vscode.env, 'clipboard', { configurable: true, value: clipboard });
    seen.restore();
    await emulator.close();
  });

  async function forgetAll(): Promise<void> {
    const ledger = openLedger({ directory: globalStorage(), now: Date.now });
    ledger.forgetRefusals(Date.now());
    ledger.close();
  }

  it('cause one notification per episode', async () => {
    const notices = () => seen.notifications.filter(text => text.startsWith('train.py is refused.'));
    await eventually(
      () => `a notification: ${seen.notifications.join(' · ')}`,
      () => notices().length > 0,
    );
    await run('headroom.refresh');
    assert.equal(notices().length, 1);
  });

  it('are groups in the tree, newest first, with single refusals below', async () => {
    const [first = '', second = ''] = await rows();
    assert.match((await described(first)).text, /^Hub API \| opens in \d:\d\d · ×1 · train\.py · \d\d:\d\d$/);
    assert.match((await described(second)).text, /^groq tokens\/min \| ×2 · gateway · \d\d:\d\d$/);
    assert.equal((await described(second)).contextValue, 'refusal');
    const singles = (await seen.tree?.getChildren(second)) ?? [];
    assert.equal(singles.length, 2);
  });

  it('open as rendered Markdown documents', async () => {
    const [first = '', second = ''] = await rows();
    // without arguments: VS Code drops those of a row that is redrawn
    assert.deepEqual((await described(first)).command, { title: 'Open', command: 'headroom.openRow' });
    await run('headroom.openRefusal', first);
    const document = await shownDocument('# Hub API window');
    assert.equal(document.languageId, 'markdown');
    assert.match(document.getText(), /^# Hub API window, 2,500 \/ 5 min\n\nThe Hub’s api window is full/);
    assert.match(document.getText(), /^- Program: `python train\.py`$/m);
    await run('headroom.openRefusal', second);
    await shownDocument('x-request-id: req-1');
  });

  it('offer what to do as buttons of their document', async () => {
    const { showQuickPick } = vscode.window;
    const offered: string[] = [];
    const choose = async (items: readonly vscode.QuickPickItem[]) => {
      offered.push(...items.map(({ label }) => label));
      return items.find(({ label }) => label === 'Copy as Markdown');
    };
    Object.assign(vscode.window, { showQuickPick: choose });
    const document = await shownDocument('x-request-id: req-1');
    const label = () => vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? '';
    await eventually(label, () => label().includes(document.uri.path.slice(1)));
    try {
      await run('headroom.helpWithRefusal');
    } finally {
      Object.assign(vscode.window, { showQuickPick });
    }
    assert.deepEqual(offered, ['Use your own groq key', 'Copy as Markdown']);
    assert.match(copied.at(-1) ?? '', /^### HTTP 429 from `groq`/);
  });

  it('are copied as Markdown, one or a group', async () => {
    const [, group = ''] = await rows();
    await run('headroom.copyRefusal', group);
    assert.match(
      copied.at(-1) ?? '',
      /^### HTTP 429 from `groq`\n[\s\S]*- Count: 2, since [\s\S]*retry-after: 7/,
    );
    const [single = ''] = (await seen.tree?.getChildren(group)) ?? [];
    await run('headroom.copyRefusal', single);
    assert.doesNotMatch(copied.at(-1) ?? '', /Count: /);
  });

  it('are filtered, and listed again by “show all”', async () => {
    const { showQuickPick } = vscode.window;
    const choose = async (items: readonly vscode.QuickPickItem[]) =>
      items.filter(({ label }) => label === 'terminal');
    Object.assign(vscode.window, { showQuickPick: choose });
    try {
      await run('headroom.filterRefusals');
    } finally {
      Object.assign(vscode.window, { showQuickPick });
    }
    await until(async () => /· filtered$/.test((await described('refusals')).text), 'it is filtered');
    const [filter = '', ...others] = await rows();
    assert.match((await described(filter)).text, /^Filtered \| 1 of 3 · terminal$/);
    assert.equal(others.length, 1);
    await run('headroom.showAllRefusals');
    await lists(2);
  });

  it('are cleared everywhere after a question, and their documents say so', async () => {
    const { showWarningMessage } = vscode.window;
    const questions: string[] = [];
    const answer = (choice: string | undefined) => async (message: string) => {
      questions.push(message);
      return choice;
    };
    try {
      Object.assign(vscode.window, { showWarningMessage: answer(undefined) });
      await run('headroom.clearRefusals');
      assert.equal((await rows()).length, 2);
      Object.assign(vscode.window, { showWarningMessage: answer('Clear') });
      await run('headroom.clearRefusals');
    } finally {
      Object.assign(vscode.window, { showWarningMessage });
    }
    assert.deepEqual(questions, ['Clear all refusals?', 'Clear all refusals?']);
    await lists(0);
    const ledger = openLedger({ directory: globalStorage(), now: Date.now });
    assert.deepEqual(ledger.lastRefusals(9), []);
    ledger.close();
    await shownDocument('# Not kept any more');
  });

  for (const command of ['clearRefusals', 'filterRefusals', 'openRefusal', 'copyRefusal']) {
    it(`${command} says that there is none, and asks nothing`, async () => {
      seen.notifications.length = 0;
      await run(`headroom.${command}`);
      assert.deepEqual(seen.notifications, ['No recent refusals.']);
    });
  }
});
