import assert from 'node:assert/strict';
import { fineGrainedToken } from '../emulator/scenarioAccounts.ts';
import { pictureFailures } from './pictures.ts';
import { Workbench } from './workbench.ts';

const callOnly = 'hf_emulator_call_only_ada';
const research = '66c0000000000000000000a1';

/** What the tests of one window do with its endpoints. */
function endpointsOf(workbench: () => Workbench) {
  const page = () => workbench().page;
  const dialog = () => page().locator('.monaco-dialog-box');
  return {
    dialog,
    row: (name: string) => workbench().rows(name).first(),
    quota: (used: string) => workbench().rows(`${used}  L4us-east-1`).first(),
    /** VS Code drops a click on a menu that it has only just opened. */
    async menu(name: string, item: string) {
      await workbench().rows(name).first().click({ button: 'right' });
      const entry = workbench().menuItem(item);
      await entry.waitFor();
      while (await entry.isVisible()) {
        await entry.click({ timeout: 2_000 }).catch(() => undefined);
        await entry.waitFor({ state: 'hidden', timeout: 2_000 }).catch(() => undefined);
      }
    },
    /** Presses a button of the question, and returns its words. */
    async answers(button: string) {
      await dialog().waitFor();
      const text = (await dialog().textContent()) ?? '';
      await dialog().locator('.monaco-button', { hasText: button }).first().click();
      await dialog().waitFor({ state: 'hidden' });
      return text;
    },
    async presses(notice: string | RegExp, button: string) {
      const toast = workbench().notification(notice);
      await toast.waitFor({ timeout: 20_000 });
      await toast.hover();
      await toast.locator('.monaco-button', { hasText: button }).first().click();
    },
    copied: () => page().evaluate<string>('navigator.clipboard.readText()'),
    /** Lets time pass at Hugging Face only. */
    advance(ms: number) {
      const { clock } = workbench().emulator.world;
      clock.set({ advanceMs: ms });
      clock.skewMs -= ms;
    },
    posts: () =>
      workbench()
        .emulator.requests()
        .filter(({ method, path }) => method === 'POST' && path.startsWith('/v2/endpoint/'))
        .map(({ path }) => path),
  };
}

describe('endpoints under control:', () => {
  let workbench: Workbench;
  const { dialog, row, quota, menu, answers, presses, copied, advance, posts } = endpointsOf(() => workbench);
  before(async () => {
    workbench = await Workbench.open({ scenario: 'pro', signedIn: true });
    await workbench.statusBarReads('$0.98 left');
    await workbench.openSideBar();
    await row('bert-prod').waitFor();
    await quota('2 / 2').waitFor();
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  it('a row’s menu has what its state allows', async () => {
    await row('bert-prod').click({ button: 'right' });
    await workbench.menuItem('Scale Endpoint to Zero…').waitFor();
    assert.equal(await workbench.menuItem('Resume Endpoint…').count(), 0);
    await workbench.picture('endpoint-menu');
    await workbench.page.keyboard.press('Escape');
    await row('old-one').click({ button: 'right' });
    await workbench.menuItem('Resume Endpoint…').waitFor();
    assert.equal(await workbench.menuItem('Pause Endpoint…').count(), 0);
    await workbench.page.keyboard.press('Escape');
  });

  it('pause: price and consequence first, and Cancel changes nothing', async () => {
    await menu('bert-prod', 'Pause Endpoint…');
    await dialog().waitFor();
    await workbench.picture('endpoint-pause-question');
    const text = await answers('Cancel');
    assert.match(text, /Pause bert-prod\? It costs \$0\.80\/h now\./);
    assert.match(text, /until it is resumed by hand\. It frees 1 of 2 × L4\./);
    assert.deepEqual(posts(), []);
  });

  it('pause: the row says so at once, then the quota is free', async () => {
    const { world } = workbench.emulator;
    world.patch({ endpoints: { 'ada/bert-prod': { stuck: true } } });
    await menu('bert-prod', 'Pause Endpoint…');
    await answers('Pause');
    await row('bert-prod').filter({ hasText: 'pausing…' }).waitFor();
    await workbench.notification('Pausing bert-prod').waitFor();
    await workbench.picture('endpoint-pausing');
    world.patch({ endpoints: { 'ada/bert-prod': { stuck: false, state: 'paused' } } });
    const done = workbench.notification(/bert-prod is paused and costs nothing\. It freed 1 of 2 × L4\./);
    await done.waitFor({ timeout: 30_000 });
    await row('bert-prod').filter({ hasText: 'paused, does not count' }).waitFor();
    await quota('1 / 2').waitFor({ timeout: 30_000 });
    await workbench.picture('endpoint-paused');
    await done.hover(); // keeps it
    assert.deepEqual(posts(), ['/v2/endpoint/ada/bert-prod/pause']);
  });

  it('undo: it starts at the price on the button, and runs again', async () => {
    await presses('bert-prod is paused', 'Resume at $0.80/h');
    await row('bert-prod').filter({ hasText: 'starting…' }).waitFor();
    advance(90_000);
    await workbench.notification(/bert-prod is running, at \$0\.80\/h\./).waitFor({ timeout: 30_000 });
    await row('bert-prod').filter({ hasText: 'running · 1 × L4' }).waitFor();
    await quota('2 / 2').waitFor({ timeout: 30_000 });
    await workbench.picture('endpoint-resumed');
    await workbench.command('Notifications: Clear All Notifications');
  });

  it('resume beyond the quota: says so before, and the refusal offers to ask for more', async () => {
    await workbench.command('Headroom: Resume Endpoint…');
    await workbench.choice('old-one').waitFor();
    assert.equal(await workbench.choice('bert-prod').count(), 0);
    await workbench.pick('old-one');
    await dialog().waitFor();
    await workbench.picture('endpoint-quota-full');
    const text = await answers('Resume');
    assert.match(text, /Resume old-one\? It costs \$0\.80\/h from now on\./);
    assert.match(text, /2 of 2 × L4 are in use/);
    await presses(/The quota is full for old-one\. Nothing was changed\./, 'Ask for more…');
    assert.match(await answers('Cancel'), /https:\/\/endpoints\.huggingface\.co\/contact/);
    await workbench.notification('paste it into the form').waitFor();
    await workbench.picture('ask-for-more');
    const request = await copied();
    assert.match(
      request,
      /^Request for more: NVIDIA L4 \(nvidia-l4 x1, aws us-east-1\) for Inference Endpoints\n/,
    );
    assert.match(request, /Account: ada \(PRO\)\nIn use: 2 of 2 accelerators/);
    assert.match(request, /Used by: bert-prod \(running\), nightly \(scaledToZero\)\nRefused: once, at 20/);
  });

  it('a full quota’s row asks for more, too', async () => {
    await workbench.page.keyboard.press('Escape');
    await workbench.command('Notifications: Clear All Notifications');
    await workbench.page.evaluate("navigator.clipboard.writeText('')");
    await quota('2 / 2').click({ button: 'right' });
    await workbench.picture('quota-menu');
    await workbench.menuItem('Ask for More…').click();
    await answers('Cancel');
    await workbench.notification('paste it into the form').waitFor();
    assert.match(await copied(), /^Request for more: NVIDIA L4/);
  });

  it('copies its URL, and a call of it', async () => {
    await workbench.command('Notifications: Clear All Notifications');
    await menu('bert-prod', 'Copy Endpoint URL');
    await workbench.page.locator('.statusbar', { hasText: 'Copied: http' }).waitFor();
    assert.match(await copied(), /\/serve\/ada\/bert-prod$/);
    await menu('bert-prod', 'Copy Endpoint Call…');
    await workbench.page.locator('.statusbar', { hasText: 'Snippet copied: curl' }).waitFor();
    assert.match(await copied(), /curl ".*\/serve\/ada\/bert-prod" [\s\S]*Bearer \$HF_TOKEN/);
  });

  it('a state that is not reached: Cancel only stops watching', async () => {
    workbench.emulator.world.patch({ endpoints: { 'ada/bert-prod': { stuck: true } } });
    await menu('bert-prod', 'Scale Endpoint to Zero…');
    const text = await answers('Scale to zero');
    assert.match(
      text,
      /until a request comes, which waits for minutes\. It keeps counting against 1 of 2 × L4\./,
    );
    await row('bert-prod').filter({ hasText: 'scaling to zero…' }).waitFor();
    await presses('Scaling bert-prod to zero', 'Cancel');
    await row('bert-prod').filter({ hasText: 'running' }).waitFor();
  });
});

describe('endpoints that can’t be changed:', () => {
  let workbench: Workbench;
  const { row, menu, answers, presses, copied } = endpointsOf(() => workbench);
  before(async () => {
    workbench = await Workbench.open({
      scenario: 'pro',
      signedIn: true,
      patch: {
        token: callOnly,
        tokens: {
          [callOnly]: fineGrainedToken('ada', {
            ada: ['inference.endpoints.infer.write', 'user.billing.read', 'inference.serverless.write'],
            acme: ['inference.endpoints.write'],
          }),
        },
        orgs: {
          acme: { resourceGroups: [{ id: research, name: 'research', members: {}, spendLimitCents: 0 }] },
        },
        endpoints: { 'acme/chat-eu': { resourceGroup: research, state: 'paused', minReplica: 0 } },
      },
    });
    await workbench.statusBarReads('$0.98 left');
    await workbench.openSideBar();
    await row('chat-eu').waitFor();
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  it('a token without the permission: which one it needs, and the page with it ticked', async () => {
    await menu('bert-prod', 'Pause Endpoint…');
    await answers('Pause');
    const notice =
      /may not start or stop endpoints of ada\. .*inference\.endpoints\.write\. Nothing was changed\./;
    await workbench.notification(notice).waitFor();
    await workbench.picture('endpoint-no-permission');
    await presses(notice, 'Make a token that can');
    await answers('Copy');
    assert.match(await copied(), /tokens\/new\?.*ownUserPermissions=inference\.endpoints\.write/);
    await workbench.page.locator('.quick-input-widget', { hasText: 'Paste the token' }).waitFor();
    await workbench.page.keyboard.press('Escape');
    await row('bert-prod').filter({ hasText: 'running' }).waitFor();
  });

  it('a resource group beyond its limit is a state of its own', async () => {
    await workbench.command('Notifications: Clear All Notifications');
    await menu('chat-eu', 'Resume Endpoint…');
    await answers('Resume');
    await workbench.notification(/The resource group of chat-eu has reached its spending limit/).waitFor();
    await row('chat-eu').filter({ hasText: 'spending limit · paused' }).waitFor();
    await workbench.rows(/^spending limit.*×1/).waitFor();
    await workbench.picture('endpoint-spending-limit');
  });
});

describe('300 endpoints:', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({ scenario: 'pro', signedIn: true });
    const { endpoints } = workbench.emulator.world.state;
    const template = endpoints['ada/bert-prod'];
    assert.ok(template);
    for (let number = 1; number <= 300; number++) {
      endpoints[`ada/model-${number}`] = structuredClone({
        ...template,
        state: number % 2 ? 'running' : 'paused',
      });
    }
    await workbench.statusBarReads('$0.98 left');
    await workbench.openSideBar();
    await workbench.command('Headroom: Refresh');
    await workbench.rows('model-1').first().waitFor({ timeout: 30_000 });
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  it('the palette finds one among them at once', async () => {
    await workbench.command('Headroom: Resume Endpoint…');
    await workbench.choice('model-2').first().waitFor();
    const input = workbench.page.locator('.quick-input-widget input').first();
    const before = performance.now();
    await input.fill('model-298');
    await workbench.choice('model-298').waitFor();
    assert.equal(await workbench.choice('model-').count(), 1);
    assert.ok(performance.now() - before < 2_000);
    await workbench.picture('endpoints-300');
    await workbench.page.keyboard.press('Escape');
  });
});
