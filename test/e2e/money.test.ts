import assert from 'node:assert/strict';
import { node } from './chatProgram.ts';
import { pictureFailures } from './pictures.ts';
import { openTerminal, runInTerminal, shellIntegration, terminalShows } from './terminal.ts';
import type { Workbench } from './workbench.ts';
import { workbenchWithGateway } from './workbenchWithGateway.ts';

const model = 'meta-llama/Llama-3.1-8B-Instruct';

describe('a free account whose open requests hold its credits:', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await workbenchWithGateway({
      scenario: 'unsettled',
      settings: { ...shellIntegration, 'headroom.gateway.longestWaitSeconds': 1 },
    });
    await workbench.statusBarReads(/<?\$0\.01 left/);
    await workbench.openSideBar();
    await openTerminal(workbench);
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  it('a 402 shows what is held and when it clears, once, and nothing of buying', async () => {
    await runInTerminal(workbench, `clear; ${node} ask.cjs 1`);
    await terminalShows(workbench, /failure 1: /);
    await workbench.statusBarReads(/\$0\.09 held · ~\d min/);
    await workbench.notification(/Refused although \$0\.10 is left/).waitFor();
    await workbench.row('Refused lately').filter({ hasText: '1 in the last hour' }).waitFor();
    await workbench.rows(/credits held/).waitFor();
    await workbench.row('Credits').filter({ hasText: '$0.10 left of $0.10 · $0.09 held' }).waitFor();
    await workbench.page.waitForTimeout(3_000);
    assert.equal(await workbench.notification(/used up|buy/i).count(), 0);
    assert.equal(await workbench.rows(/credits held/).count(), 1);
    assert.equal(await workbench.rows(/credits used up/).count(), 0);
    await workbench.picture('credits-held');
  });

  it('is calm again with the next answer', async () => {
    workbench.emulator.world.clock.set({ advanceMs: 121_000 });
    workbench.emulator.world.clock.skewMs -= 121_000; // the reported time stays the real one
    await runInTerminal(workbench, `clear; ${node} ask.cjs 2`);
    await terminalShows(workbench, /answer 2: .*1 choice/);
    await workbench.statusBarReads(/\$0\.10 left/);
    await workbench.picture('credits-free-again');
  });

  it('a model that its provider closed is named, with a countdown and one notice', async () => {
    const { world } = workbench.emulator;
    const closed = { closedModels: { [model]: { opensInSeconds: 150 } } };
    world.patch({
      providers: Object.fromEntries(Object.keys(world.state.providers).map(id => [id, closed])),
    });
    await runInTerminal(workbench, `clear; ${node} ask.cjs 3`);
    await terminalShows(workbench, /failure 3: /);
    await workbench.statusBarReads(/Llama-3\.1-8B · [12]:\d\d/);
    await workbench.notification(/is refused\. .*It opens again at/).waitFor();
    assert.equal(await workbench.notification(/Llama.*is refused\. /).count(), 1);
    await workbench.picture('model-blocked');
  });
});
