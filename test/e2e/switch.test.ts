import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { adaKey } from '../emulator/providers.ts';
import type { ReceivedRequest } from '../emulator/world.ts';
import { Asker } from './asker.ts';
import { developersWorkbench } from './developersWorkbench.ts';
import { pictureFailures } from './pictures.ts';
import { openTerminal, runInTerminal, shellIntegration, terminalShows } from './terminal.ts';
import type { Workbench } from './workbench.ts';

describe('a person who switches who pays', () => {
  let workbench: Workbench;
  let asker: Asker;
  before(async () => {
    workbench = await developersWorkbench({ settings: shellIntegration });
    asker = new Asker(workbench);
    // as many people's: what terminals are given has to outlive it
    fs.writeFileSync(
      path.join(workbench.host.dirs.home, '.bashrc'),
      'PATH=/usr/local/bin:/usr/bin:/bin; RESET=yes\n',
    );
    await workbench.statusBarReads('$0.98 left');
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  /** The one chat request of the program since the last look. */
  const received = (server: ReceivedRequest['server']) => {
    const [chat, ...more] = asker.received();
    assert.ok(chat);
    assert.equal(more.length, 0);
    assert.equal(chat.server, server);
    return chat;
  };

  it('runs a program as before: billed to them, through the gateway of this window', async () => {
    await openTerminal(workbench);
    await asker.ask();
    const { headers } = received('router');
    assert.equal(headers['x-hf-bill-to'], undefined);
    assert.equal(headers.authorization, `Bearer ${workbench.emulator.token}`);
  });

  it('sees every choice with what is left and why it cannot be billed', async () => {
    await workbench.command('Hugging Face: Switch Billing…');
    await workbench.choice('acme').first().waitFor();
    await workbench
      .choice('freebies')
      .filter({ hasText: /free plan/i })
      .waitFor();
    await workbench.picture('switch-billing');
  });

  it('bills an organization: the status bar says so, and the next request of the program does', async () => {
    await workbench.pick('acme');
    await workbench.statusBarReads(/acme · \$[\d.]+ left/);
    await asker.ask();
    assert.equal(received('router').headers['x-hf-bill-to'], 'acme');
    await workbench.picture('billed-to-organization');
  });

  it('uses their own provider key, checked before it is kept; the same program arrives at the provider', async () => {
    await workbench.command('Hugging Face: Use a Custom Provider Key…');
    await workbench.pick('groq');
    await workbench.type('a wrong key');
    await workbench.page.keyboard.press('Enter');
    await workbench.page.locator('.quick-input-widget', { hasText: /rejected/i }).waitFor();
    await workbench.type(adaKey('groq'));
    await workbench.page.keyboard.press('Enter');
    await workbench.statusBarReads('groq');
    workbench.emulator.world.requests.length = 0;
    await asker.ask();
    const { path: url, headers, body } = received('partners');
    assert.equal(url, '/groq/openai/v1/chat/completions');
    assert.equal(headers.authorization, `Bearer ${adaKey('groq')}`);
    assert.equal(headers['x-hf-bill-to'], undefined);
    assert.equal((body as { model: string }).model, 'llama-3.1-8b-instant');
    await workbench.picture('billed-to-provider-key');
  });

  it('switches in the terminal, by the name of the command, and is told who pays', async () => {
    await runInTerminal(workbench, 'clear; headroom bill org:acme');
    await workbench.statusBarReads(/acme · \$[\d.]+ left/);
    // what was said of the one before does not outlive that
    await workbench.page.getByText(/^Bills .* from now on$/).waitFor({ state: 'detached', timeout: 1_000 });
    await runInTerminal(workbench, 'clear; headroom bill');
    await terminalShows(workbench, /org:acme/);
    await asker.ask();
    assert.equal(received('router').headers['x-hf-bill-to'], 'acme');
    await workbench.picture('billed-from-terminal');
    // it asks the servers of the editor's settings
    await runInTerminal(workbench, 'clear; headroom status | head -4');
    await terminalShows(workbench, 'ada (PRO)');
    // what the command needs is for it alone
    await runInTerminal(workbench, 'clear; echo "[$ELECTRON_RUN_AS_NODE] $RESET"');
    await terminalShows(workbench, '[] yes');
  });

  it('goes back to Hugging Face’s billing', async () => {
    await workbench.command('Hugging Face: Use Hugging Face Billing');
    await workbench.statusBarReads(/^ ?\$[\d.]+ left/);
    await asker.ask();
    assert.equal(received('router').headers['x-hf-bill-to'], undefined);
  });

  it('sees the limits of their key, and those of the account that all users share as nobody’s alarm', async () => {
    const body = `{"model":"meta-llama/Llama-3.1-8B-Instruct:groq","messages":[{"role":"user","content":"Hi"}]}`;
    const ask = `curl -s $OPENAI_BASE_URL/chat/completions -H "authorization: Bearer $OPENAI_API_KEY" -d '${body}'`;
    await runInTerminal(workbench, `clear; ${ask} | cut -c1-20`);
    await workbench.openSideBar();
    const row = (text: RegExp) => workbench.rows(text).first();
    await row(/^groq · meta-llama/).waitFor();
    await row(/^requests per day1 \/ 14,400 · in \d+ /).waitFor();
    const shared = row(/^groq, sharedby all users of Hugging Face/);
    await shared.click();
    await row(/^tokens per minute\d+ \/ 300,000/).waitFor();
    await workbench.picture('provider-limits');
    await workbench.lookAway();
    await shared.hover();
    await workbench.page.locator('.workbench-hover:visible', { hasText: 'It is not your limit' }).waitFor();
    await workbench.picture('shared-limit');
  });
});
