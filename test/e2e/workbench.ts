import fs from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { Sessions } from '../../src/account/sessions.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import { type Host, launchBrowser, openWindow, startHost } from '../vscode/host.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const FAILURES = path.join(root, 'test/e2e/failures');
/** `HEADROOM_PICTURES=media/screenshots npm test` makes the README's anew. */
const PICTURES = path.resolve(root, process.env.HEADROOM_PICTURES ?? 'test/e2e/pictures');
/** Tall enough for every row of the tree: what is scrolled out of sight is not in the page. */
const VIEWPORT = { width: 1280, height: 940 };
const EXTENSION = 'headroom.headroom';

export interface WorkbenchOptions {
  readonly scenario?: string;
  /** Starts signed in: the emulator's token is in the environment, and the user has accepted it before. */
  readonly signedIn?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** A folder whose copy is opened. */
  readonly workspace?: string;
  /** What the folder's own settings say. */
  readonly folderSettings?: Readonly<Record<string, unknown>>;
  /** Folders of further extensions. */
  readonly extensions?: readonly string[];
  /** The editor's display language. Its own texts stay English: they would need a language pack. */
  readonly language?: string;
}

/** A real VS Code with Headroom in it, driven by a browser as a person would, and the emulator that it talks to. */
export class Workbench {
  readonly emulator: Emulator;
  readonly host: Host;
  readonly page: Page;
  private readonly browser: Browser;
  private readonly context: BrowserContext;

  private constructor(emulator: Emulator, host: Host, browser: Browser, context: BrowserContext, page: Page) {
    this.emulator = emulator;
    this.host = host;
    this.browser = browser;
    this.context = context;
    this.page = page;
  }

  static async open({
    scenario = 'pro',
    signedIn = false,
    settings,
    env,
    workspace,
    folderSettings,
    extensions = [],
    language = 'en',
  }: WorkbenchOptions = {}): Promise<Workbench> {
    const emulator = await startEmulator({ scenario });
    const token = emulator.token ?? '';
    const [host, browser] = await Promise.all([
      startHost({
        extensions: [root, ...extensions],
        workspace,
        settings: {
          'headroom.hubUrl': emulator.hubUrl,
          'headroom.routerUrl': emulator.routerUrl,
          'headroom.endpointsUrl': emulator.endpointsUrl,
          'headroom.providerUrls': emulator.providerUrls,
          ...settings,
        },
        env: { ...(signedIn ? { HF_TOKEN: token } : {}), ...env },
      }),
      launchBrowser(),
    ]);
    if (signedIn) acceptEnvironmentToken(host.storage(EXTENSION));
    if (folderSettings) {
      const folder = path.join(host.dirs.ws, '.vscode');
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(folderSettings));
    }
    const context = await browser.newContext({ viewport: VIEWPORT });
    await context.addInitScript(name => Object.assign(globalThis, { _VSCODE_NLS_LANGUAGE: name }), language);
    const page = await openWindow(browser, host.url(), { context });
    page.setDefaultTimeout(10_000);
    const workbench = new Workbench(emulator, host, browser, context, page);
    await workbench.statusBarItem.waitFor({ timeout: 60_000 });
    return workbench;
  }

  get statusBarItem(): Locator {
    return this.page.locator(`[id="${EXTENSION}.limits"]`);
  }

  /** Waits until the status bar item reads so. */
  async statusBarReads(text: string | RegExp): Promise<void> {
    await this.statusBarItem.filter({ hasText: text }).waitFor({ timeout: 30_000 });
  }

  /** Runs a command from the palette, by its title. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const box = this.page.locator('.quick-input-widget input').first();
    await box.waitFor();
    await box.fill(`>${title}`);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
    await this.page.keyboard.press('Enter');
  }

  /** Opens a file of the workspace by its name. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press('Control+P');
    await this.page.locator('.quick-input-widget input').first().fill(name);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().waitFor();
    await this.page.keyboard.press('Enter');
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
  }

  /** Chooses from the open quick pick. */
  async pick(label: string): Promise<void> {
    const choice = this.page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first();
    await choice.click();
  }

  /** Types into the open input box. */
  async type(text: string): Promise<void> {
    await this.page.locator('.quick-input-list').waitFor({ state: 'hidden' });
    await this.page.locator('.quick-input-widget input').first().fill(text);
  }

  /** Shows the Headroom side bar by a click on its icon. */
  async openSideBar(): Promise<void> {
    await this.page
      .locator('.activitybar .action-item', { has: this.page.locator('[aria-label^="Headroom"]') })
      .first()
      .click();
    await this.page
      .locator('.sidebar .pane-header', { hasText: 'Limits' })
      .or(this.page.locator('.sidebar .composite.title'))
      .first()
      .waitFor();
  }

  /** Makes the side bar this wide, by its edge: rows end in dots where it is narrow. */
  async widenSideBar(width: number): Promise<void> {
    const { mouse } = this.page;
    const { x, width: before } = await this.sideBarBox();
    await mouse.move(x + before, VIEWPORT.height / 2);
    await mouse.down();
    await mouse.move(x + width, VIEWPORT.height / 2, { steps: 5 });
    await mouse.up();
  }

  private async sideBarBox() {
    const box = await this.page.locator('.part.sidebar').boundingBox();
    if (!box) throw new Error('the side bar is not shown');
    return box;
  }

  /** The row of the tree with this label. */
  row(label: string): Locator {
    const name = this.page.locator(`.monaco-icon-label[aria-label="${label}"]`);
    return this.page.locator('.sidebar .monaco-list-row', { has: name }).first();
  }

  /** The window as it looks after a reload in another theme: settings on disk are read when a window opens. */
  async colorTheme(label: string): Promise<void> {
    const file = path.join(this.host.dirs.data, 'User/settings.json');
    const settings = JSON.parse(fs.readFileSync(file, 'utf8')) as object;
    fs.writeFileSync(file, JSON.stringify({ ...settings, 'workbench.colorTheme': label }));
    await this.reload();
  }

  /** The window as it is after a reload. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.statusBarItem.waitFor({ timeout: 60_000 });
  }

  /** Waits until Headroom's log says so. */
  async logSays(text: string): Promise<void> {
    const folder = path.join(this.host.dirs.data, 'logs');
    const says = () =>
      fs
        .readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter(file => file.endsWith('Headroom.log'))
        .some(file => fs.readFileSync(path.join(folder, file), 'utf8').includes(text));
    while (!says()) await setTimeout(100);
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast', { hasText: text });
  }

  /** Shows the status bar item's hover. */
  async hover(): Promise<Locator> {
    await this.statusBarItem.hover();
    const hover = this.page.locator('.workbench-hover:visible', { hasText: 'Hugging Face' });
    await hover.waitFor();
    return hover;
  }

  /** Takes the mouse, and with it every hover, out of the way. */
  async lookAway(): Promise<void> {
    await this.page.mouse.move(700, 300);
    await this.page.locator('.workbench-hover:visible').waitFor({ state: 'hidden' });
  }

  async picture(name: string): Promise<void> {
    fs.mkdirSync(PICTURES, { recursive: true });
    await this.page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
  }

  /** Another window of the same user on the same machine. */
  async secondWindow(): Promise<Page> {
    return openWindow(this.browser, this.host.url(), { context: this.context });
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.host.stop();
    await this.emulator.close();
  }
}

/** Leaves a picture of the window when a test of this suite fails. */
export function pictureFailures(workbench: () => Workbench | undefined): void {
  afterEach(async function () {
    const test = this.currentTest;
    if (test?.state !== 'failed') return;
    const file = path.join(FAILURES, `${test.fullTitle().replace(/[^a-z0-9]+/gi, '-')}.png`);
    await workbench()?.page.screenshot({ path: file });
    console.log(`      see ${path.relative(root, file)}`);
  });
}

/** What a person does once by picking "Use the token that Hugging Face's tools left here". */
function acceptEnvironmentToken(directory: string): void {
  const ledger = openLedger({ directory, now: Date.now });
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const secrets = {
    get: async () => undefined,
    store: async () => {},
    delete: async () => {},
    keys: async () => [],
  };
  new Sessions({ secrets, ledger, log }).accept({ kind: 'environment', variable: 'HF_TOKEN' });
  ledger.close();
}
