import assert from 'node:assert/strict';
import path from 'node:path';
import { Asker, node } from './asker.ts';
import { developersWorkbench } from './developersWorkbench.ts';
import { pictureFailures } from './pictures.ts';
import { openTerminal, runInTerminal, terminalShows } from './terminal.ts';
import type { Workbench } from './workbench.ts';

describe('a person whose credits are used up', () => {
  let workbench: Workbench;
  let asker: Asker;
  before(async () => {
    workbench = await developersWorkbench({
      scenario: 'exhausted-pro',
      settings: { 'headroom.billing.failover': ['org:acme'] },
    });
    asker = new Asker(workbench);
    await workbench.statusBarReads(/<\$0.01 left/);
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  it('does not notice in their program: the organization of their list pays, and the editor says so', async () => {
    await openTerminal(workbench);
    await asker.ask();
    const [refused, paid] = asker.received();
    assert.equal(refused?.status, 402);
    assert.equal(refused?.headers['x-hf-bill-to'], undefined);
    assert.equal(paid?.status, 200);
    assert.equal(paid?.headers['x-hf-bill-to'], 'acme');
    await workbench.statusBarReads(/acme/);
    await workbench.notification(/credits.*used up/i).waitFor();
    await workbench.picture('failover');
  });

  it('sees in the side bar who pays, in whose place, and what went through the gateway', async () => {
    await workbench.openSideBar();
    await workbench.row('Who pays').filter({ hasText: 'acme · in place of you' }).waitFor();
    await workbench.row('Through the gateway').filter({ hasText: '1 request' }).waitFor();
  });

  it('can ask for the same in the terminal, and switch there', async () => {
    const cli = path.resolve(import.meta.dirname, '../../dist/cli.cjs');
    await runInTerminal(workbench, `clear; ${node} ${cli} bill`);
    await terminalShows(workbench, /acme/);
    await runInTerminal(workbench, `clear; ${node} ${cli} bill org:acme`);
    await workbench.statusBarReads(/^ ?acme · \$[\d.]+ left/);
    await asker.ask();
    const [only, ...more] = asker.received();
    assert.equal(only?.headers['x-hf-bill-to'], 'acme');
    assert.equal(more.length, 0);
  });

  it('verifies who is billed with one tiny request', async () => {
    await workbench.command('Hugging Face: Verify Billing');
    await workbench.notification(/Billed: acme/).waitFor({ timeout: 30_000 });
    await workbench.notification('Verifying').waitFor({ state: 'hidden' });
    await workbench.picture('verify-billing');
    const [verified] = asker.received();
    assert.equal(verified?.headers['x-hf-bill-to'], 'acme');
  });
});
