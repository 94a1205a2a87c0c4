import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { GatewayAddress } from '../../src/gateway/programVariables.ts';
import { later } from '../../src/ui/commands.ts';
import { CoreHandle } from '../../src/ui/core/coreHandle.ts';
import { tokens } from '../emulator/scenarios.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { signedInContext } from './context.ts';
import { useServers } from './servers.ts';

const model = 'openai/gpt-oss-120b';

describe('two windows with a payer each, in a real extension host', function () {
  this.timeout(60_000);
  const parts: vscode.Disposable[] = [];
  const secrets = new Map([['headroom.token.ada', tokens.ada as string]]);
  let emulator: Emulator;
  let folder: string;
  let acmes: GatewayAddress;
  let personal: GatewayAddress;

  before(async () => {
    emulator = await startEmulator({ scenario: 'pro' });
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'headroom-windows-'));
    await useServers(emulator);
    acmes = await aWindow('acmes', 'acme');
    personal = await aWindow('personal');
  });
  after(async () => {
    for (const part of parts) part.dispose();
    await useServers();
    await emulator.close();
    fs.rmSync(folder, { recursive: true });
  });

  /** Address of the gateway of a window with that workspace. Both share secrets and ledger. */
  async function aWindow(workspace: string, organization?: string): Promise<GatewayAddress> {
    const context = signedInContext({
      token: tokens.ada,
      storage: folder,
      extensionPath: import.meta.dirname,
    });
    Object.assign(context.workspaceState, {
      get: (key: string, fallback: unknown) => (key === 'workspaceId' ? workspace : fallback),
    });
    Object.assign(context.secrets, {
      keys: async () => [...secrets.keys()],
      get: async (name: string) => secrets.get(name),
      store: async (name: string, value: string) => void secrets.set(name, value),
      delete: async (name: string) => void secrets.delete(name),
    });
    const log = vscode.window.createOutputChannel(`Headroom ${workspace}`, { log: true });
    const core = new CoreHandle(later, context, log);
    const programs = await (await later()).startPrograms(context, core, log);
    parts.push(programs, core, log);
    const { payerWatch } = await core.get();
    if (organization !== undefined) payerWatch.choose({ kind: 'organization', name: organization }, 'here');
    return programs.gateway.start();
  }

  async function ask({ url }: GatewayAddress, { key }: GatewayAddress) {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hello' }] }),
    });
    return { status: response.status, text: await response.text() };
  }
  const billed = () =>
    emulator
      .requests()
      .filter(({ path: url }) => url.endsWith('/chat/completions'))
      .map(({ headers }) => headers['x-hf-bill-to']);

  it('each has a key of its own, whose programs are billed to its payer', async () => {
    assert.notEqual(acmes.key, personal.key);
    assert.equal((await ask(acmes, acmes)).status, 200);
    assert.equal((await ask(personal, personal)).status, 200);
    assert.deepEqual(billed(), ['acme', undefined]);
  });

  it("a program of one is refused by the other's gateway, and billed to nobody", async () => {
    const before = billed().length;
    for (const answer of [await ask(acmes, personal), await ask(personal, acmes)]) {
      assert.equal(answer.status, 401);
      assert.match(answer.text, /belongs to another gateway of Headroom/);
    }
    assert.equal(billed().length, before);
  });
});
