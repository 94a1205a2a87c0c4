import assert from 'node:assert/strict';
import path from 'node:path';
import { ChatProgram, node } from './chatProgram.ts';
import { pictureFailures } from './pictures.ts';
import { openTerminal, runInTerminal, terminalShows } from './terminal.ts';
import type { Workbench } from './workbench.ts';
import { workbenchWithGateway } from './workbenchWithGateway.ts';

describe('failover, credits used up:', () => {
  let workbench: Workbench;
  let program: ChatProgram;
  before(async () => {
    workbench = await workbenchWithGateway({
      scenario: 'exhausted-pro',
      settings: { 'headroom.billing.failover': ['org:acme'] },
    });
    program = new ChatProgram(workbench);
    await workbench.statusBarReads(/<\$0.01 left/);
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  it('the organization in the failover list pays, the program gets its answer, and the editor reports it', async () => {
    await openTerminal(workbench);
    await program.run();
    const [refused, paid] = program.received();
    assert.equal(refused?.status, 402);
    assert.equal(refused?.headers['x-hf-bill-to'], undefined);
    assert.equal(paid?.status, 200);
    assert.equal(paid?.headers['x-hf-bill-to'], 'acme');
    await workbench.statusBarReads(/acme/);
    await workbench.notification(/credits.*used up/i).waitFor();
    await workbench.picture('failover');
  });

  it('side bar: shows the stand-in and the gateway’s request', async () => {
    await workbench.openSideBar();
    await workbench.row('Who pays').filter({ hasText: 'acme · in place of you' }).waitFor();
    await workbench.row('Through the gateway').filter({ hasText: '1 request' }).waitFor();
  });

  it('headroom bill in the terminal shows the profile and switches it', async () => {
    const cli = path.resolve(import.meta.dirname, '../../dist/cli.cjs');
    await runInTerminal(workbench, `clear; ${node} ${cli} bill`);
    await terminalShows(workbench, /acme/);
    await runInTerminal(workbench, `clear; ${node} ${cli} bill org:acme`);
    await workbench.statusBarReads(/^ ?acme · \$[\d.]+ left/);
    await program.run();
    const [only, ...more] = program.received();
    assert.equal(only?.headers['x-hf-bill-to'], 'acme');
    assert.equal(more.length, 0);
  });

  it('Verify Billing sends one request and names the billed organization', async () => {
    await workbench.command('Headroom: Verify Billing');
    await workbench.notification(/Billed: acme/).waitFor({ timeout: 30_000 });
    await workbench.notification('Verifying').waitFor({ state: 'hidden' });
    await workbench.picture('verify-billing');
    const [verified] = program.received();
    assert.equal(verified?.headers['x-hf-bill-to'], 'acme');
  });
});
