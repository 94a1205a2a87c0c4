import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { pictureFailures } from './pictures.ts';
import type { Workbench } from './workbench.ts';
import { workbenchWithGateway } from './workbenchWithGateway.ts';

const model = 'meta-llama/Llama-3.1-8B-Instruct';

interface Place {
  readonly name: string;
  readonly program: string;
  /** Runs `raise.cjs` there, and waits for its error. */
  run(workbench: Workbench): Promise<void>;
}

const places: readonly Place[] = [
  {
    name: 'debug console',
    program: 'Raise',
    async run(workbench) {
      await workbench.command('Debug: Select and Start Debugging');
      await workbench.pick('Raise');
      await workbench.page.locator('.repl', { hasText: 'rate_limit_exceeded' }).waitFor({ timeout: 30_000 }); // its end is in sight
    },
  },
  {
    name: 'notebook',
    program: 'blocked.ipynb, cell 2',
    async run(workbench) {
      const { page, host } = workbench;
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await workbench.command('Copy Notebook Cell for Headroom');
      await workbench.notification('Paste it into the first cell').waitFor();
      const copied = await page.evaluate<string>('navigator.clipboard.readText()');
      const cells = [copied, '!node raise.cjs'].map(source => ({ cell_type: 'code', source: [source] }));
      fs.writeFileSync(path.join(host.dirs.ws, 'blocked.ipynb'), JSON.stringify({ cells }));
      await workbench.openFile('blocked.ipynb');
      await page.locator('.notebook-toolbar-container', { hasText: 'Run All' }).getByText('Run All').click();
      const outputs = page.frameLocator('iframe.webview').frameLocator('#active-frame');
      await outputs.getByText('RateLimitError: 429').first().waitFor({ timeout: 30_000 });
    },
  },
];

for (const { name, program, run } of places) {
  describe(`a model closed for 150 s, refused by the gateway to a program in a ${name}:`, () => {
    let workbench: Workbench;
    before(async () => {
      workbench = await workbenchWithGateway({
        settings: { 'headroom.gateway.longestWaitSeconds': 1 },
        extensions: [path.resolve(import.meta.dirname, 'programs')],
      });
      await workbench.statusBarReads('$0.98 left');
      await workbench.openSideBar();
      await workbench.widenSideBar(560);
      await workbench.row('Hardware quota').click(); // makes room for the rows below
      const { world } = workbench.emulator;
      const closed = { closedModels: { [model]: { opensInSeconds: 150 } } };
      world.patch({
        providers: Object.fromEntries(Object.keys(world.state.providers).map(id => [id, closed])),
      });
    });
    after(() => workbench?.close());
    pictureFailures(() => workbench);

    it('one row, one notice and one countdown', async () => {
      await run(workbench);
      await workbench.statusBarReads(/Llama-3\.1-8B · [12]:\d\d/);
      const notice = workbench.notification(/is refused\. .*It opens again at \d\d:\d\d:\d\d\./);
      await notice.waitFor();
      await workbench.expand(workbench.row('Refused lately').filter({ hasText: '1 in the last hour' }));
      const rows = workbench.rows(/opens in \d:\d\d.*×1 · /);
      await rows.filter({ hasText: program }).waitFor();
      assert.equal(await rows.count(), 1);
      assert.equal(await notice.count(), 1);
      const shown = [workbench.statusBarItem, rows].map(async each => {
        const [, minutes, seconds] = / (\d):(\d\d)(?: |$)/.exec((await each.textContent()) ?? '') ?? [];
        return Number(minutes) * 60 + Number(seconds);
      });
      const [bar = 0, row = 0] = await Promise.all(shown);
      assert.ok(Math.abs(bar - row) <= 1, `the bar says ${bar} s, the row ${row} s`);
      await workbench.moveMouseAway();
      await workbench.picture(`blocked-in-${name.replace(' ', '-')}`);
    });
  });
}
