import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { cancelHeld, releaseHeld } from '../../src/ui/gateway/heldCommands.ts';
import { HeldWatch } from '../../src/ui/gateway/heldWatch.ts';
import { heldId } from '../../src/view/account/heldRequests.ts';
import { eventually, pick } from './editor.ts';

const hub = {
  limit: 'ada/api',
  by: 'huggingface',
  scope: 'api',
  waiting: 12,
  programs: 2,
  heldBy: 'window',
} as const;
const groq = { limit: 'groq', by: 'groq', waiting: 1, programs: 1, heldBy: 'refusal' } as const;

describe('commands for held requests, in a real extension host', () => {
  const { setStatusBarMessage } = vscode.window;
  let shown: string[];
  let done: [what: 'release' | 'cancel', limit: string | undefined][];
  let watch: HeldWatch;
  const gateway = {
    release: (limit?: string) => void done.push(['release', limit]),
    cancel: (limit?: string) => void done.push(['cancel', limit]),
  };
  beforeEach(() => {
    shown = [];
    done = [];
    watch = new HeldWatch(Date.now);
    const show = (text: string) => {
      shown.push(text);
      return new vscode.Disposable(() => {});
    };
    Object.assign(vscode.window, { setStatusBarMessage: show });
  });
  afterEach(() => Object.assign(vscode.window, { setStatusBarMessage }));

  it('act at once on the requests of a single limit, and say so', async () => {
    watch.report([hub]);
    await releaseHeld(watch, gateway, undefined);
    assert.deepEqual(done, [['release', 'ada/api']]);
    assert.deepEqual(shown, ['Released 12 requests: they go out now; the server may refuse them.']);
  });

  const isDone = () =>
    eventually(
      () => 'the command shows its result',
      () => shown[0],
    );

  it('ask with several limits, and act on all', async () => {
    watch.report([hub, groq]);
    const labels = await pick(['All'], () => cancelHeld(watch, gateway, undefined));
    assert.deepEqual(labels, ['All', 'Hub API', 'groq']);
    assert.equal(await isDone(), 'Cancelled 13 requests: their programs get a 429 which says so.');
    assert.deepEqual(done, [['cancel', undefined]]);
  });

  it('ask with several limits, and act on one', async () => {
    watch.report([hub, groq]);
    await pick(['groq'], () => releaseHeld(watch, gateway, undefined));
    await isDone();
    assert.deepEqual(done, [['release', 'groq']]);
  });

  it('act on the row that they were called from', async () => {
    watch.report([hub, groq]);
    await cancelHeld(watch, gateway, heldId(groq));
    assert.deepEqual(done, [['cancel', 'groq']]);
    assert.deepEqual(shown, ['Cancelled 1 request: its program gets a 429 which says so.']);
  });

  it('say so when no requests are held', async () => {
    await releaseHeld(watch, gateway, undefined);
    await cancelHeld(watch, gateway, heldId(groq));
    assert.deepEqual([done, shown], [[], ['No requests are waiting.', 'No requests are waiting.']]);
  });
});
