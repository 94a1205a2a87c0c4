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

describe('releasing and cancelling held requests, in a real extension host', () => {
  const { setStatusBarMessage } = vscode.window;
  let told: string[];
  let done: [what: 'release' | 'cancel', limit: string | undefined][];
  let watch: HeldWatch;
  const gateway = {
    release: (limit?: string) => void done.push(['release', limit]),
    cancel: (limit?: string) => void done.push(['cancel', limit]),
  };
  beforeEach(() => {
    told = [];
    done = [];
    watch = new HeldWatch(Date.now);
    const tell = (text: string) => {
      told.push(text);
      return new vscode.Disposable(() => {});
    };
    Object.assign(vscode.window, { setStatusBarMessage: tell });
  });
  afterEach(() => Object.assign(vscode.window, { setStatusBarMessage }));

  it('acts at once where they wait for one limit, and says what it did', async () => {
    watch.report([hub]);
    await releaseHeld(watch, gateway, undefined);
    assert.deepEqual(done, [['release', 'ada/api']]);
    assert.deepEqual(told, ['Released 12 requests: they go out now; the server may refuse them.']);
  });

  const isDone = () =>
    eventually(
      () => 'the command has done something',
      () => told[0],
    );

  it('asks where they wait for several: all of them', async () => {
    watch.report([hub, groq]);
    const labels = await pick(['All'], () => cancelHeld(watch, gateway, undefined));
    assert.deepEqual(labels, ['All', 'Hub API', 'groq']);
    assert.equal(await isDone(), 'Cancelled 13 requests: their programs get a 429 which says so.');
    assert.deepEqual(done, [['cancel', undefined]]);
  });

  it('or those of one', async () => {
    watch.report([hub, groq]);
    await pick(['groq'], () => releaseHeld(watch, gateway, undefined));
    await isDone();
    assert.deepEqual(done, [['release', 'groq']]);
  });

  it('acts on the row that it was called from', async () => {
    watch.report([hub, groq]);
    await cancelHeld(watch, gateway, heldId(groq));
    assert.deepEqual(done, [['cancel', 'groq']]);
    assert.deepEqual(told, ['Cancelled 1 request: its program gets a 429 which says so.']);
  });

  it('says when nobody waits', async () => {
    await releaseHeld(watch, gateway, undefined);
    await cancelHeld(watch, gateway, heldId(groq));
    assert.deepEqual([done, told], [[], ['No requests are waiting.', 'No requests are waiting.']]);
  });
});
