import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { Asker } from './asker.ts';
import { developersWorkbench } from './developersWorkbench.ts';
import { findGateway, gatewayPid } from './gatewayPid.ts';
import { pictureFailures } from './pictures.ts';
import { openTerminal, runInTerminal, terminalShows } from './terminal.ts';
import type { Workbench } from './workbench.ts';

describe('a person whose gateway, and then whose window, goes and comes back', () => {
  if (process.platform === 'win32') return; // signals, and ps
  let workbench: Workbench;
  let asker: Asker;
  before(async () => {
    workbench = await developersWorkbench({
      folderSettings: { 'headroom.billing.suggested': 'org:acme' },
      settings: { 'terminal.integrated.enablePersistentSessions': true },
    });
    asker = new Asker(workbench);
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  const billed = () => asker.received().map(({ headers }) => headers['x-hf-bill-to']);

  it('is asked whether to follow what the folder suggests, and pays for themselves until they agree', async () => {
    const question = workbench.notification('This folder’s settings suggest billing acme');
    await question.waitFor();
    await workbench.statusBarReads('$0.98 left');
    await workbench.picture('suggested-billing');
    await openTerminal(workbench);
    await asker.ask();
    assert.deepEqual(billed(), [undefined]);
    await question.hover();
    await question.getByRole('button', { name: 'Bill acme' }).click();
    await workbench.statusBarReads(/acme · \$[\d.]+ left/);
    await asker.ask();
    assert.deepEqual(billed(), ['acme']);
  });

  it('is told of a gateway that ends again and again, and starts it with one click where it was', async () => {
    const notice = workbench.notification('gateway crashed several times');
    let pid: number | undefined;
    while (!(await notice.isVisible())) {
      const running = findGateway(workbench.host.pid);
      if (running !== undefined && running !== pid) process.kill(running, 'SIGKILL');
      pid = running ?? pid;
      await setTimeout(100); // the notice, or another process
    }
    await notice.hover();
    await workbench.picture('gateway-given-up');
    await notice.getByRole('button', { name: 'Restart' }).click();
    await gatewayPid(workbench.host.pid, pid);
    await notice.waitFor({ state: 'hidden' });
    await asker.ask();
    assert.deepEqual(billed(), ['acme']);
  });

  it('goes on after a reload in the terminal that was restored, and is not asked again', async () => {
    await runInTerminal(workbench, 'clear; echo before the $((1 + 1))nd window');
    await terminalShows(workbench, 'before the 2nd window');
    const pid = await gatewayPid(workbench.host.pid);
    await workbench.reload();
    await terminalShows(workbench, 'before the 2nd window');
    await gatewayPid(workbench.host.pid, pid);
    await workbench.statusBarReads(/acme · \$[\d.]+ left/);
    await asker.ask();
    assert.deepEqual(billed(), ['acme']);
    assert.equal(await workbench.notification('This folder suggests').count(), 0);
    await workbench.picture('terminal-restored');
  });
});
