import assert from 'node:assert/strict';
import { pictureFailures } from './pictures.ts';
import { Workbench } from './workbench.ts';

describe('when something is wrong', () => {
  let workbench: Workbench;
  const open = async (scenario: string, settings?: Record<string, string>) => {
    workbench = await Workbench.open({ scenario, signedIn: true, settings });
  };
  const warns = () =>
    workbench.statusBarItem.and(workbench.page.locator('.warning-kind, [class*=warning]')).waitFor();
  pictureFailures(() => workbench);
  afterEach(() => workbench?.close());

  it('a token without the billing permission is told what it lacks, and how to mend it', async () => {
    await open('no-billing-permission');
    await workbench.statusBarReads('no billing permission');
    await workbench.openSideBar();
    await workbench.page.locator('.sidebar', { hasText: 'This token may not read billing' }).waitFor();
    await workbench.picture('no-billing-permission');
  });

  it('an expired token is told once, in the status bar and in the side bar', async () => {
    await open('expired-token');
    await workbench.statusBarReads('sign in again');
    await workbench.openSideBar();
    await workbench.page.locator('.sidebar .welcome-view', { hasText: 'rejects the token' }).waitFor();
    await workbench.notification('rejects the token').waitFor();
    assert.equal(await workbench.notification('rejects the token').count(), 1);
    await workbench.picture('invalid-token');
  });

  it('without a network the side bar says so, and how to try again', async () => {
    const nowhere = 'http://127.0.0.1:1';
    await open('pro', { 'headroom.hubUrl': nowhere, 'headroom.endpointsUrl': nowhere });
    await workbench.openSideBar();
    await workbench.page.locator('.sidebar .welcome-view', { hasText: 'be reached' }).waitFor();
    await workbench.picture('offline');
  });

  it('a full Hub window counts down in the status bar and stands under the recent 429s', async () => {
    await open('api-full');
    await workbench.statusBarReads(/Hub API full · \d:\d\d/);
    await workbench.openSideBar();
    await workbench.row('Recent 429s').waitFor();
    await workbench.hover();
    await workbench.picture('rate-limited');
  });

  it('credits that are almost gone are a warning, not a refusal', async () => {
    await open('exhausted');
    await workbench.statusBarReads('<$0.01 left');
    await warns();
    await workbench.picture('exhausted');
  });

  it('low credits are a warning', async () => {
    await open('low-credits');
    await workbench.statusBarReads('left');
    await warns();
    await workbench.picture('low-credits');
  });

  it('a changed format leaves the last value, and the side bar says what changed', async () => {
    await open('pro');
    await workbench.statusBarReads('$0.98 left');
    workbench.emulator.world.patch({ live: { intervalMs: 300 } }); // a refresh waits for it
    workbench.emulator.world.faults.push({
      kind: 'wrong-type',
      path: '/api/settings/billing/usage-v2',
      field: 'usage.inferenceProviders.usedNanoUsd',
      value: 'lots',
    });
    await workbench.command('Hugging Face: Refresh Limits');
    await workbench.openSideBar();
    await workbench.row('Billing').waitFor();
    const problem = workbench.rows('Answer not understood').first();
    await problem.waitFor();
    assert.match((await problem.getAttribute('aria-label')) ?? '', /usage\.inferenceProviders\.usedNanoUsd/);
    await workbench.statusBarReads('$0.98');
    await workbench.picture('format-changed');
  });
});

describe('five windows', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({ scenario: 'pro', signedIn: true });
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  it('show the same, and cost Hugging Face what one does', async () => {
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
