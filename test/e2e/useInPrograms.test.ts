import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ChatProgram } from './chatProgram.ts';
import { findGateway } from './gatewayPid.ts';
import { pictureFailures } from './pictures.ts';
import { openTerminal, runInTerminal, shellIntegration, terminalShows } from './terminal.ts';
import { Workbench } from './workbench.ts';

describe('the last step of a switch:', () => {
  let workbench: Workbench;
  let program: ChatProgram;
  before(async () => {
    workbench = await Workbench.open({
      signedIn: true,
      workspace: true,
      settings: { ...shellIntegration, 'terminal.integrated.enablePersistentSessions': true },
      env: { NODE_PATH: path.resolve(import.meta.dirname, '../../node_modules') },
    });
    program = new ChatProgram(workbench);
    await workbench.statusBarReads('$0.98 left');
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  const ended = () => workbench.notification('terminal with Headroom ended with the reload');
  /** Its name: VS Code may have opened a plain one instead, and then lists both. */
  const reopened = () => workbench.page.locator('.part.panel').getByText('Headroom', { exact: true }).first();
  const hovers = () => workbench.page.locator('.workbench-hover:visible').count();

  const picker = (title: string) =>
    workbench.page.locator('.quick-input-widget', { hasText: title }).waitFor();

  /** Switches by a click on the status bar item: its hover covered notices when the focus came back. */
  async function switchTo(payer: string): Promise<void> {
    await workbench.statusBarItem.click();
    await workbench.pick('Switch billing');
    await picker('Switch Billing in This Folder');
    await workbench.pick(payer);
  }

  async function lastStepOf(payer: string): Promise<void> {
    await switchTo(payer);
    await picker('from now on');
  }

  async function programIsBilledTo(organization: string | undefined): Promise<void> {
    await program.run();
    const billed = program.received().map(({ headers }) => headers['x-hf-bill-to']);
    assert.deepEqual(billed, [organization]);
  }

  it('offers four ways; Done changes nothing, no gateway runs, and no hover covers what is said', async () => {
    await lastStepOf('acme');
    for (const way of ['Use in all new terminals', 'Copy a snippet', 'Done'])
      await workbench.choice(way).waitFor();
    await workbench.picture('last-step');
    await workbench.pick('Done');
    await workbench.statusBarReads(/acme · \$[\d.]+ left/);
    assert.equal(await hovers(), 0);
    assert.equal(findGateway(workbench.host.pid), undefined, 'nobody used it');
    assert.equal(await workbench.page.locator('.terminal-wrapper').count(), 0);
  });

  it('Copy a snippet: asks for its language', async () => {
    await lastStepOf('You');
    await workbench.pick('Copy a snippet');
    await workbench.choice('Python · openai').waitFor();
    assert.equal(await hovers(), 0);
    await workbench.page.keyboard.press('Escape');
    await workbench.statusBarReads(/^ ?\$0\.98 left/);
  });

  it('New terminal with Headroom: its programs are billed to the new payer', async () => {
    await lastStepOf('acme');
    await workbench.pick('New terminal with Headroom');
    await terminalShows(workbench, /[$#]/);
    await programIsBilledTo('acme');
    assert.equal(await hovers(), 0);
    await workbench.picture('last-step-new-terminal');
  });

  it('after a reload the gateway listens there again, unasked: a program may outlive its terminal', async () => {
    const file = path.join(workbench.host.dirs.home, 'address');
    await runInTerminal(
      workbench,
      `clear; echo $OPENAI_BASE_URL $OPENAI_API_KEY > ${file}; echo written $((1 + 1))`,
    );
    await terminalShows(workbench, 'written 2');
    const [url = '', key = ''] = fs.readFileSync(file, 'utf8').trim().split(' ');
    const status = async () =>
      (await fetch(`${url}/models`, { headers: { authorization: `Bearer ${key}` } }).catch(() => undefined))
        ?.status;
    const pid = findGateway(workbench.host.pid);
    await workbench.reload();
    while (findGateway(workbench.host.pid) === pid || (await status()) !== 200) await setTimeout(100);
  });

  it('Reopen: one notice after the reload opens a terminal whose programs are billed as before', async () => {
    await ended().waitFor();
    assert.equal(await ended().count(), 1);
    await workbench.picture('reopen-terminal');
    await ended().hover();
    await ended().getByRole('button', { name: 'Reopen' }).click();
    await ended().waitFor({ state: 'hidden' });
    await reopened().waitFor();
    await terminalShows(workbench, /[$#]/);
    await programIsBilledTo('acme');
    await workbench.picture('terminal-reopened');
  });

  it('a terminal that was closed before a reload is not offered again', async () => {
    await runInTerminal(workbench, 'exit');
    await reopened().waitFor({ state: 'detached' });
    await openTerminal(workbench);
    await workbench.reload();
    await workbench.statusBarReads(/acme · \$[\d.]+ left/);
    await openTerminal(workbench);
    assert.equal(await ended().count(), 0);
  });

  it('Use in all new terminals: an ordinary terminal leads to the gateway, and no last step comes again', async () => {
    await lastStepOf('You');
    await workbench.pick('Use in all new terminals');
    const settings = path.join(workbench.host.dirs.data, 'User/settings.json');
    while (!fs.readFileSync(settings, 'utf8').includes('headroom.environment.huggingface'))
      await setTimeout(50);
    // what Headroom shows after the last setting comes after the variables
    await workbench.statusBarItem.click();
    await picker('Headroom for Hugging Face');
    await workbench.page.keyboard.press('Escape');
    await openTerminal(workbench);
    await programIsBilledTo(undefined);
    await switchTo('acme');
    await workbench.statusBarReads(/acme · \$[\d.]+ left/);
    await programIsBilledTo('acme');
    assert.equal(await workbench.page.locator('.quick-input-widget:visible').count(), 0);
    await workbench.picture('last-step-all-terminals');
  });
});
