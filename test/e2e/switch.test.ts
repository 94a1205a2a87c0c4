import assert from 'node:assert/strict';
import path from 'node:path';
import type { ReceivedRequest } from '../emulator/world.ts';
import { openTerminal, runInTerminal, terminalShows } from './terminal.ts';
import { pictureFailures, Workbench } from './workbench.ts';

const modules = path.resolve(import.meta.dirname, '../../node_modules');
const ADAS_GROQ_KEY = 'gsk-ada-emulated';

describe('a person who switches who pays', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({
      scenario: 'pro',
      signedIn: true,
      workspace: path.resolve(import.meta.dirname, 'workspace'),
      settings: { 'headroom.environment.openai': true },
      env: { NODE_PATH: modules, PATH: `${path.dirname(process.execPath)}:${process.env.PATH}` },
    });
    await workbench.statusBarReads('$0.98 left');
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  /** The one chat request of the program since the last look, as the server received it. */
  const received = (server: ReceivedRequest['server']) => {
    const { requests } = workbench.emulator.world;
    const chats = requests.filter(({ path: url }) => url.endsWith('/chat/completions'));
    assert.equal(chats.length, 1, 'one chat request, and one only');
    const [chat] = chats;
    assert.ok(chat);
    assert.equal(chat.server, server);
    requests.length = 0;
    return chat;
  };
  let asked = 0;
  /** The same program each time; the number only tells its answers apart. */
  const ask = async () => {
    asked += 1;
    await runInTerminal(workbench, `clear; node ask.cjs ${asked}`);
    await terminalShows(workbench, new RegExp(`(answer|failure) ${asked}: `));
    await terminalShows(workbench, new RegExp(`answer ${asked}: .*1 choice`));
  };

  it('runs a program as before: billed to them, through the gateway of this window', async () => {
    await openTerminal(workbench);
    await ask();
    const { headers } = received('router');
    assert.equal(headers['x-hf-bill-to'], undefined);
    assert.equal(headers.authorization, `Bearer ${workbench.emulator.token}`);
  });

  it('sees every choice with what is left and why it cannot be billed', async () => {
    await workbench.command('Hugging Face: Switch Billing…');
    const choices = workbench.page.locator('.quick-input-list .monaco-list-row');
    await choices.filter({ hasText: 'acme' }).first().waitFor();
    await choices
      .filter({ hasText: 'freebies' })
      .filter({ hasText: /free plan/i })
      .waitFor();
    await workbench.picture('switch-billing');
  });

  it('bills an organization: the status bar says so, and the next request of the program does', async () => {
    await workbench.pick('acme');
    await workbench.statusBarReads(/acme · \$[\d.]+ left/);
    await ask();
    assert.equal(received('router').headers['x-hf-bill-to'], 'acme');
    await workbench.picture('billed-to-organization');
  });

  it('uses their own provider key, checked before it is kept; the same program arrives at the provider', async () => {
    await workbench.command('Hugging Face: Use a Custom Provider Key…');
    await workbench.pick('groq');
    await workbench.type('a wrong key');
    await workbench.page.keyboard.press('Enter');
    await workbench.page.locator('.quick-input-widget', { hasText: /rejected/i }).waitFor();
    await workbench.type(ADAS_GROQ_KEY);
    await workbench.page.keyboard.press('Enter');
    await workbench.statusBarReads('groq');
    workbench.emulator.world.requests.length = 0;
    await ask();
    const { path: url, headers, body } = received('partners');
    assert.equal(url, '/groq/openai/v1/chat/completions');
    assert.equal(headers.authorization, `Bearer ${ADAS_GROQ_KEY}`);
    assert.equal(headers['x-hf-bill-to'], undefined);
    assert.equal((body as { model: string }).model, 'llama-3.1-8b-instant');
    await workbench.picture('billed-to-provider-key');
  });

  it('goes back to Hugging Face’s billing', async () => {
    await workbench.command('Hugging Face: Use Hugging Face Billing');
    await workbench.statusBarReads(/\$[\d.]+ left/);
    await ask();
    assert.equal(received('router').headers['x-hf-bill-to'], undefined);
  });
});
