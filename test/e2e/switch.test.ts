import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { adaKey } from '../emulator/providers.ts';
import type { ReceivedRequest } from '../emulator/world.ts';
import { ChatProgram } from './chatProgram.ts';
import { pictureFailures } from './pictures.ts';
import { openTerminal, runInTerminal, shellIntegration, terminalShows } from './terminal.ts';
import type { Workbench } from './workbench.ts';
import { workbenchWithGateway } from './workbenchWithGateway.ts';

describe('Switch Billing:', () => {
  let workbench: Workbench;
  let program: ChatProgram;
  before(async () => {
    workbench = await workbenchWithGateway({ settings: shellIntegration });
    program = new ChatProgram(workbench);
    // A start file like this is common. Headroom's variables must outlive it.
    fs.writeFileSync(
      path.join(workbench.host.dirs.home, '.bashrc'),
      'PATH=/usr/local/bin:/usr/bin:/bin; RESET=yes\n',
    );
    await workbench.statusBarReads('$0.98 left');
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  /** The only chat request since the last call. */
  const received = (server: ReceivedRequest['server']) => {
    const [chat, ...more] = program.received();
    assert.ok(chat);
    assert.equal(more.length, 0);
    assert.equal(chat.server, server);
    return chat;
  };

  it('personal: the program’s request goes through the gateway, billed to the user', async () => {
    await openTerminal(workbench);
    await program.run();
    const { headers } = received('router');
    assert.equal(headers['x-hf-bill-to'], undefined);
    assert.equal(headers.authorization, `Bearer ${workbench.emulator.token}`);
  });

  it('choices: show the credits left, or the reason against billing', async () => {
    await workbench.command('Headroom: Switch Billing…');
    await workbench.choice('acme').first().waitFor();
    await workbench
      .choice('freebies')
      .filter({ hasText: /free plan/i })
      .waitFor();
    await workbench.picture('switch-billing');
  });

  it('organization: status bar and next request are billed to it', async () => {
    await workbench.pick('acme');
    await workbench.statusBarReads(/acme · \$[\d.]+ left/);
    await program.run();
    assert.equal(received('router').headers['x-hf-bill-to'], 'acme');
    await workbench.picture('billed-to-organization');
  });

  it('organization: the hover shows its money first, and the account’s own under its name', async () => {
    const hover = await workbench.hover();
    const text = (await hover.textContent()) ?? '';
    assert.match(
      text,
      /acme pays · Team · updated .*\$[\d.]+ left of \$[\d.]+ · resets .*ada \(your account\) {2}\$0\.98 left/s,
    );
    assert.equal(await hover.locator('img').count(), 2);
    await hover.getByText(/Today here.*2 requests/).waitFor();
    await workbench.picture('hover-organization');
    await workbench.moveMouseAway();
  });

  it('provider key: a wrong key is rejected; with the right one the request goes to the provider', async () => {
    await workbench.command('Headroom: Use a Custom Provider Key…');
    await workbench.pick('groq');
    await workbench.type('a wrong key');
    await workbench.page.keyboard.press('Enter');
    await workbench.page.locator('.quick-input-widget', { hasText: /rejected/i }).waitFor();
    await workbench.type(adaKey('groq'));
    await workbench.page.keyboard.press('Enter');
    await workbench.statusBarReads('groq');
    workbench.emulator.world.requests.length = 0;
    await program.run();
    const { path: url, headers, body } = received('partners');
    assert.equal(url, '/groq/openai/v1/chat/completions');
    assert.equal(headers.authorization, `Bearer ${adaKey('groq')}`);
    assert.equal(headers['x-hf-bill-to'], undefined);
    assert.equal((body as { model: string }).model, 'llama-3.1-8b-instant');
    await workbench.picture('billed-to-provider-key');
  });

  it('headroom bill in the terminal: switches and shows the profile', async () => {
    await runInTerminal(workbench, 'clear; headroom bill org:acme');
    await workbench.statusBarReads(/acme · \$[\d.]+ left/);
    // the message about the previous profile is gone
    await workbench.page.getByText(/^Bills .* from now on$/).waitFor({ state: 'detached', timeout: 1_000 });
    await runInTerminal(workbench, 'clear; headroom bill');
    await terminalShows(workbench, /org:acme/);
    await program.run();
    assert.equal(received('router').headers['x-hf-bill-to'], 'acme');
    await workbench.picture('billed-from-terminal');
    // the CLI uses the servers of the editor's settings
    await runInTerminal(workbench, 'clear; headroom status | head -4');
    await terminalShows(workbench, 'ada (PRO)');
    // the CLI's own variable is not set for other programs
    await runInTerminal(workbench, 'clear; echo "[$ELECTRON_RUN_AS_NODE] $RESET"');
    await terminalShows(workbench, '[] yes');
  });

  it('Use Hugging Face Billing: the user pays again', async () => {
    await workbench.command('Headroom: Use Hugging Face Billing');
    await workbench.statusBarReads(/^ ?\$[\d.]+ left/);
    await program.run();
    assert.equal(received('router').headers['x-hf-bill-to'], undefined);
  });

  it('side bar: shows the key’s limits, and HF’s shared account without a warning', async () => {
    const body = `{"model":"meta-llama/Llama-3.1-8B-Instruct:groq","messages":[{"role":"user","content":"Hi"}]}`;
    const ask = `curl -s $OPENAI_BASE_URL/chat/completions -H "authorization: Bearer $OPENAI_API_KEY" -d '${body}'`;
    await runInTerminal(workbench, `clear; ${ask} | cut -c1-20`);
    await workbench.openSideBar();
    await workbench.widenSideBar(300);
    const row = (text: RegExp) => workbench.rows(text).first();
    await row(/^groq · meta-llama/).waitFor();
    await row(/^requests\/day1 \/ 14,400 · in \d+ /).waitFor();
    const shared = row(/^groq, sharedby all users of Hugging Face/);
    await shared.click();
    await row(/^tokens\/min\d+ \/ 300,000/).waitFor();
    await workbench.picture('provider-limits');
    assert.deepEqual(await workbench.cutNumbers(), []);
    await workbench.moveMouseAway();
    await shared.hover();
    await workbench.page.locator('.workbench-hover:visible', { hasText: 'It is not your limit' }).waitFor();
    await workbench.picture('shared-limit');
  });
});
