import assert from 'node:assert/strict';
import { pictureFailures } from './pictures.ts';
import { Workbench } from './workbench.ts';

describe('problems:', () => {
  let workbench: Workbench;
  const open = async (scenario: string, settings?: Record<string, string>) => {
    workbench = await Workbench.open({ scenario, signedIn: true, settings });
  };
  const warns = () =>
    workbench.statusBarItem.and(workbench.page.locator('.warning-kind, [class*=warning]')).waitFor();
  pictureFailures(() => workbench);
  afterEach(() => workbench?.close());

  it('a token without billing permission: one row says so, and the rest is shown', async () => {
    await open('no-billing-permission');
    await workbench.statusBarReads('no billing permission');
    await workbench.openSideBar();
    await workbench.row('ZeroGPU').filter({ hasText: /left/ }).waitFor();
    await workbench.row('API calls').filter({ hasText: '/ 2,500' }).waitFor();
    const missing = workbench.rows('This token may not read billingMake one that can');
    await missing.waitFor();
    assert.equal(await workbench.rows('may not read billing').count(), 1);
    await workbench.picture('no-billing-permission');
    await missing.click();
    await workbench.page.getByText('https://huggingface.co/settings/tokens/new').first().waitFor();
    await workbench.picture('make-token');
  });

  it('an expired token: status bar, side bar and one notification report it', async () => {
    await open('expired-token');
    await workbench.statusBarReads('sign in again');
    await workbench.openSideBar();
    await workbench.page.locator('.sidebar .welcome-view', { hasText: 'rejects the token' }).waitFor();
    await workbench.notification('rejects the token').waitFor();
    assert.equal(await workbench.notification('rejects the token').count(), 1);
    await workbench.picture('invalid-token');
  });

  it('no network: the side bar reports it', async () => {
    const nowhere = 'http://127.0.0.1:1';
    await open('pro', { 'headroom.hubUrl': nowhere, 'headroom.endpointsUrl': nowhere });
    await workbench.openSideBar();
    await workbench.page.locator('.sidebar .welcome-view', { hasText: 'be reached' }).waitFor();
    await workbench.picture('offline');
  });

  it('a full Hub window: the status bar counts down, and the side bar lists the 429', async () => {
    await open('api-full');
    await workbench.statusBarReads(/Hub API full · \d:\d\d/);
    await workbench.openSideBar();
    await workbench.row('Refused lately').waitFor();
    await workbench.hover();
    await workbench.picture('rate-limited');
  });

  it('credits almost used up: a warning', async () => {
    await open('exhausted');
    await workbench.statusBarReads('<$0.01 left');
    await warns();
    await workbench.picture('exhausted');
  });

  it('low credits: a warning', async () => {
    await open('low-credits');
    await workbench.statusBarReads('left');
    await warns();
    await workbench.picture('low-credits');
  });

  it('a changed response format: the last value stays, and the side bar names the field', async () => {
    await open('pro');
    await workbench.statusBarReads('$0.98 left');
    workbench.emulator.world.patch({ live: { intervalMs: 300 } }); // a refresh waits for a live event
    workbench.emulator.world.faults.push({
      kind: 'wrong-type',
      path: '/api/settings/billing/usage-v2',
      field: 'usage.inferenceProviders.usedNanoUsd',
      value: 'lots',
    });
    await workbench.command('Headroom: Refresh Limits');
    await workbench.openSideBar();
    await workbench.row('You pay').waitFor();
    const problem = workbench.rows('Answer not understood').first();
    await problem.waitFor();
    assert.match((await problem.getAttribute('aria-label')) ?? '', /usage\.inferenceProviders\.usedNanoUsd/);
    await workbench.statusBarReads('$0.98');
    await workbench.picture('format-changed');
  });
});

describe('two windows:', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({ scenario: 'pro', signedIn: true });
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  it('the second window shows the same limits without further requests', async () => {
    await workbench.statusBarReads('$0.98 left');
    const spent = usageCalls(workbench);
    const second = await workbench.secondWindow();
    await second.statusBarReads('$0.98 left');
    assert.equal(usageCalls(workbench), spent);
    assert.equal(workbench.emulator.requests().filter(({ path }) => path === '/api/whoami-v2').length, 1);
    await second.page.close();
  });
});

function usageCalls({ emulator }: Workbench): number {
  return emulator.requests().filter(({ path }) => path.startsWith('/api/settings/billing/usage-v2')).length;
}
