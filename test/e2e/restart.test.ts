import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { ChatProgram } from './chatProgram.ts';
import { findGateway, gatewayPid } from './gatewayPid.ts';
import { pictureFailures } from './pictures.ts';
import { openTerminal, runInTerminal, terminalShows } from './terminal.ts';
import type { Workbench } from './workbench.ts';
import { workbenchWithGateway } from './workbenchWithGateway.ts';

describe('restart of the gateway and of the window:', () => {
  if (process.platform === 'win32') return; // needs signals and ps
  let workbench: Workbench;
  let program: ChatProgram;
  before(async () => {
    workbench = await workbenchWithGateway({
      folderSettings: { 'headroom.billing.suggested': 'org:acme' },
      settings: { 'terminal.integrated.enablePersistentSessions': true },
    });
    program = new ChatProgram(workbench);
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  const billed = () => program.received().map(({ headers }) => headers['x-hf-bill-to']);

  it('a profile that the folder suggests pays only after the user has agreed', async () => {
    const question = workbench.notification('This folder’s settings suggest billing acme');
    await question.waitFor();
    await workbench.statusBarReads('$0.98 left');
    await workbench.picture('suggested-billing');
    await openTerminal(workbench);
    await program.run();
    assert.deepEqual(billed(), [undefined]);
    await question.hover();
    await question.getByRole('button', { name: 'Bill acme' }).click();
    await workbench.statusBarReads(/acme · \$[\d.]+ left/);
    await program.run();
    assert.deepEqual(billed(), ['acme']);
  });

  it('a gateway that stops again and again is reported, and Restart starts it at the same address', async () => {
    const notice = workbench.notification('gateway crashed several times');
    let pid: number | undefined;
    while (!(await notice.isVisible())) {
      const running = findGateway(workbench.host.pid);
      if (running !== undefined && running !== pid) process.kill(running, 'SIGKILL');
      pid = running ?? pid;
      await setTimeout(100); // until the notice, or the next process
    }
    await notice.hover();
    await workbench.picture('gateway-given-up');
    await notice.getByRole('button', { name: 'Restart' }).click();
    await gatewayPid(workbench.host.pid, pid);
    await notice.waitFor({ state: 'hidden' });
    await program.run();
    assert.deepEqual(billed(), ['acme']);
  });

  it('after a reload, the restored terminal still reaches the gateway, and no question comes again', async () => {
    await runInTerminal(workbench, 'clear; echo before the $((1 + 1))nd window');
    await terminalShows(workbench, 'before the 2nd window');
    const pid = await gatewayPid(workbench.host.pid);
    await workbench.reload();
    await terminalShows(workbench, 'before the 2nd window');
    await gatewayPid(workbench.host.pid, pid);
    await workbench.statusBarReads(/acme · \$[\d.]+ left/);
    await program.run();
    assert.deepEqual(billed(), ['acme']);
    assert.equal(await workbench.notification('This folder suggests').count(), 0);
    await workbench.picture('terminal-restored');
  });
});
