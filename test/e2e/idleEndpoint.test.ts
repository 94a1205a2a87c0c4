import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { fingerprint } from '../../src/account/fingerprint.ts';
import { Readings } from '../../src/account/readings.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import type { EndpointUses } from '../../src/limits/account/endpointUse.ts';
import { pictureFailures } from './pictures.ts';
import { Workbench } from './workbench.ts';
import { extension, type WorkbenchWindow } from './workbenchWindow.ts';

const minuteMs = 60_000;
const log = { debug() {}, info() {}, warn() {}, error() {} };
const metrics = '/v2/endpoint/acme/chat-eu/open-metrics';
const suggestion = /acme\/chat-eu has had no request for 3 h, and costs \$\d+\.\d\d\/h\./;

/** Dates what the windows have read back, as if so much time had passed since without a request. */
async function letTimePass({ host, emulator }: Workbench, ms: number): Promise<void> {
  const ledger = openLedger({ directory: host.storage(extension), now: Date.now });
  const readings = new Readings(ledger, fingerprint(emulator.token ?? '', emulator), log);
  const read = () => readings.get<EndpointUses>('endpoint-use');
  const history = () => read().value?.endpoints.find(({ name }) => name === 'chat-eu')?.history;
  while (!history()) {
    await setTimeout(100);
    readings.reload();
  }
  const { value = { endpoints: [], unavailable: [] }, asOf = 0 } = read();
  const endpoints = value.endpoints.map(use => ({
    ...use,
    ...(use.history && { history: { ...use.history, since: use.history.since - ms } }),
  }));
  readings.put('endpoint-use', { value: { ...value, endpoints }, asOf: asOf - 15 * minuteMs });
  ledger.close();
}

describe('an endpoint without a request for 3 hours, with two windows open:', () => {
  let workbench: Workbench;
  let other: WorkbenchWindow;
  let told: WorkbenchWindow;
  let quiet: WorkbenchWindow;
  before(async () => {
    workbench = await Workbench.open({ scenario: 'pro', signedIn: true });
    await workbench.statusBarReads('$0.98 left');
    other = await workbench.secondWindow();
    for (const window of [workbench, other]) {
      await window.statusBarReads('$0.98 left');
      await window.openSideBar();
      await window.rows('chat-eu').first().waitFor();
    }
  });
  after(() => workbench?.close());
  pictureFailures(() => workbench);

  const windows = () => [workbench, other];
  const isIdle = (window: WorkbenchWindow) =>
    window.rows('chat-eu').filter({ hasText: 'idle for 3 h' }).first().waitFor({ timeout: 30_000 });
  const counted = async () => {
    const counts = await Promise.all(windows().map(window => window.notification(suggestion).count()));
    return counts.reduce((sum, count) => sum + count);
  };
  const asked = () => workbench.emulator.requests().filter(({ path }) => path === metrics).length;

  it('its row says so in both, and one tells it', async () => {
    await letTimePass(workbench, 3 * 60 * minuteMs + 5 * minuteMs);
    told = await Promise.any(
      windows().map(async window => {
        await window.notification(suggestion).hover({ timeout: 30_000 }); // VS Code hides a notice after a while
        return window;
      }),
    );
    quiet = told === other ? workbench : other;
    await Promise.all(windows().map(isIdle));
    await setTimeout(2_000); // the other window looks at the ledger each second
    assert.equal(await counted(), 1);
    assert.equal(asked(), 2, 'one window asks for all');
    await told.picture('endpoint-idle');
  });

  it('a window that starts anew on that day shows it, and tells nothing', async () => {
    await quiet.page.reload({ waitUntil: 'commit', timeout: 60_000 });
    await quiet.statusBarReads('$0.98 left');
    await quiet.rows('chat-eu').first().waitFor({ timeout: 30_000 });
    await isIdle(quiet);
    await setTimeout(2_000); // what could tell it has looked by then
    assert.equal(await quiet.notification(suggestion).count(), 0);
    const row = quiet.rows('chat-eu').first().locator('.monaco-icon-label');
    assert.match(
      (await quiet.rows('chat-eu').first().getAttribute('aria-label')) ?? '',
      /running, idle for 3 hours/,
    );
    await row.hover();
    await quiet.page.locator('.workbench-hover:visible', { hasText: 'No request for 3 h' }).waitFor();
    await quiet.picture('endpoint-idle-hover');
    await quiet.moveMouseAway();
  });

  it('its button scales it to zero, price and consequence first', async () => {
    const notice = told.notification(suggestion);
    await notice.hover();
    await notice.locator('.monaco-button', { hasText: 'Scale to zero…' }).click();
    const dialog = told.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    await told.picture('endpoint-idle-question');
    assert.match(
      (await dialog.textContent()) ?? '',
      /Scale chat-eu to zero\? It costs \$\d+\.\d\d\/h now\..*until a request comes, which waits for minutes\./,
    );
    await dialog.locator('.monaco-button', { hasText: 'Scale to zero' }).first().click();
    await told
      .notification(/chat-eu is scaled to zero: it costs nothing until a request comes\./)
      .waitFor({ timeout: 30_000 });
    await told.rows('chat-eu').filter({ hasText: 'scaled to zero, counts' }).first().waitFor();
    const posts = workbench.emulator.requests().filter(({ method }) => method === 'POST');
    assert.deepEqual(
      posts.map(({ path }) => path).filter(path => path.startsWith('/v2/')),
      ['/v2/endpoint/acme/chat-eu/scale-to-zero'],
    );
  });
});
