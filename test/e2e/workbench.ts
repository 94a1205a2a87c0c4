import fs from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { Sessions } from '../../src/account/sessions.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { Clock } from '../emulator/clock.ts';
import { type Emulator, startEmulator } from '../emulator/server.ts';
import type { StatePatch } from '../emulator/state.ts';
import { type Host, launchBrowser, openWindow, startHost } from '../vscode/host.mjs';
import { extension, viewport, WorkbenchWindow } from './workbenchWindow.ts';

const root = path.resolve(import.meta.dirname, '../..');
/** A folder with programs. */
const workspaceFolder = path.join(import.meta.dirname, 'workspace');

export interface WorkbenchOptions {
  readonly scenario?: string;
  /** Changes to the scenario. */
  readonly patch?: StatePatch;
  /** Starts signed in with the emulator's token from the environment, already accepted by the user. */
  readonly signedIn?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Opens a copy of the folder with programs. */
  readonly workspace?: boolean;
  /** The folder's .vscode/settings.json. */
  readonly folderSettings?: Readonly<Record<string, unknown>>;
  /** Folders of further extensions. */
  readonly extensions?: readonly string[];
  /** Epoch ms that the clocks of the editor and of Hugging Face begin with; undefined: the present. */
  readonly now?: number;
  /** The editor's display language. VS Code's own texts stay English without a language pack. */
  readonly language?: string;
}

/** A real VS Code with Headroom in a browser, and the emulator as its Hugging Face. */
export class Workbench extends WorkbenchWindow {
  readonly emulator: Emulator;
  readonly host: Host;
  readonly #browser: Browser;
  readonly #context: BrowserContext;

  constructor(emulator: Emulator, host: Host, browser: Browser, context: BrowserContext, page: Page) {
    super(page);
    this.emulator = emulator;
    this.host = host;
    this.#browser = browser;
    this.#context = context;
  }

  static async open({
    scenario = 'pro',
    patch,
    signedIn = false,
    settings,
    env,
    workspace = false,
    folderSettings,
    extensions = [],
    now,
    language = 'en',
  }: WorkbenchOptions = {}): Promise<Workbench> {
    const aheadMs = now === undefined ? 0 : now - Date.now();
    const ahead = clockAhead(aheadMs);
    const clock = new Clock(() => Date.now() + aheadMs);
    const emulator = await startEmulator({ scenario, patch, clock });
    const token = emulator.token ?? '';
    const [host, browser] = await Promise.all([
      startHost({
        extensions: [root, ...extensions],
        workspace: workspace ? workspaceFolder : undefined,
        settings: {
          'headroom.hubUrl': emulator.hubUrl,
          'headroom.routerUrl': emulator.routerUrl,
          'headroom.endpointsUrl': emulator.endpointsUrl,
          'headroom.providerUrls': emulator.providerUrls,
          ...settings,
        },
        env: { ...(signedIn ? { HF_TOKEN: token } : {}), ...env },
        execArgv: now === undefined ? [] : [`--import=data:text/javascript,${encodeURIComponent(ahead)}`],
      }),
      launchBrowser(),
    ]);
    if (signedIn) acceptEnvironmentToken(host.storage(extension));
    if (folderSettings) {
      const folder = path.join(host.dirs.ws, '.vscode');
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(folderSettings));
    }
    const context = await browser.newContext({
      viewport,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    if (now !== undefined) await context.addInitScript(ahead);
    await context.addInitScript(name => Object.assign(globalThis, { _VSCODE_NLS_LANGUAGE: name }), language);
    const page = await openWindow(browser, host.url(), { context });
    const workbench = new Workbench(emulator, host, browser, context, page);
    await workbench.statusBarItem.waitFor({ timeout: 60_000 });
    return workbench;
  }

  /** Sets the theme in the settings file and reloads the window, which reads it. */
  async colorTheme(label: string): Promise<void> {
    const file = path.join(this.host.dirs.data, 'User/settings.json');
    const settings = JSON.parse(fs.readFileSync(file, 'utf8')) as object;
    fs.writeFileSync(file, JSON.stringify({ ...settings, 'workbench.colorTheme': label }));
    await this.reload();
  }

  /** Does not wait for `load`: an open webview delays it for as long as it likes. */
  async reload(): Promise<void> {
    await this.page.reload({ waitUntil: 'commit', timeout: 60_000 });
    await this.statusBarItem.waitFor({ timeout: 60_000 });
  }

  /** Waits until Headroom's log contains the text. */
  async logSays(text: string): Promise<void> {
    const folder = path.join(this.host.dirs.data, 'logs');
    const says = () =>
      fs
        .readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter(file => file.endsWith('Headroom.log'))
        .some(file => fs.readFileSync(path.join(folder, file), 'utf8').includes(text));
    while (!says()) await setTimeout(100);
  }

  /** Opens another window of the same user. */
  async secondWindow(): Promise<WorkbenchWindow> {
    return new WorkbenchWindow(await openWindow(this.#browser, this.host.url(), { context: this.#context }));
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.host.stop();
    await this.emulator.close();
  }
}

/** A script that sets the clock of its process or page. */
function clockAhead(ms: number): string {
  return `{
    const now = (real => () => real() + ${ms})(Date.now);
    globalThis.Date = new Proxy(Date, {
      construct: (date, parts, made) => Reflect.construct(date, parts.length ? parts : [now()], made),
      get: (date, name) => (name === 'now' ? now : Reflect.get(date, name)),
    });
  }`;
}

/** Records the user's choice "Use the token that Hugging Face's tools left here". */
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
