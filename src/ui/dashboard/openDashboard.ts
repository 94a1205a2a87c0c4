import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { messageOf } from '../../limits/messageOf.ts';
import {
  type DashboardState,
  type MessageFromPage,
  type MessageToPage,
  messageFromPage,
  type PanelId,
  type Range,
} from '../../view/dashboard/dashboardState.ts';
import { runDashboardAction } from './dashboardCommands.ts';
import type { DashboardSource } from './dashboardSource.ts';
import { saveExport } from './saveExport.ts';

/** A dashboard in sight is drawn at most this often, and its ages this seldom. */
const leastMs = 3_000;
const slowMs = 10_000;

type PanelTexts = ReadonlyMap<PanelId, string>;

/** One open dashboard: sends its page the state while it is in sight, and does what the page asks for. */
export class OpenDashboard implements vscode.Disposable {
  readonly #panel: vscode.WebviewPanel;
  readonly #source: DashboardSource;
  readonly #styleSheet: vscode.Uri;
  readonly #log: vscode.LogOutputChannel;
  readonly #subscriptions: vscode.Disposable;
  #range: Range = '30-days';
  #sent: { readonly state: DashboardState; readonly texts: PanelTexts } | undefined;
  /** Epoch ms. */
  #sentAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #isDisposed = false;

  constructor(
    panel: vscode.WebviewPanel,
    source: DashboardSource,
    styleSheet: vscode.Uri,
    log: vscode.LogOutputChannel,
  ) {
    this.#panel = panel;
    this.#styleSheet = styleSheet;
    this.#source = source;
    this.#log = log;
    this.#subscriptions = vscode.Disposable.from(
      source,
      panel.webview.onDidReceiveMessage(message => this.#receive(message)),
      source.onDidChange(() => this.#soon(leastMs)),
      panel.onDidChangeViewState(() => {
        // a hidden page is thrown away, and the next one asks anew
        if (!panel.visible) this.#sent = undefined;
      }),
    );
    // while VS Code makes the page, which asks then: what is over stays read. A failure is told when it asks
    source.state(this.#range).catch(() => {});
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    this.#subscriptions.dispose();
  }

  async #receive(data: unknown): Promise<void> {
    const { success, output, issues } = v.safeParse(messageFromPage, data);
    if (!success) {
      this.#log.warn(`The dashboard sent a message that does not fit: ${v.summarize(issues)}`);
      return;
    }
    await this.#try(() => this.#do(output));
  }

  async #try(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      const reason = messageOf(error);
      this.#log.error(`The dashboard: ${reason}`);
      this.#post({ kind: 'failed', message: l10n.t('Headroom could not do this: {0}', reason) });
    }
  }

  async #do(message: MessageFromPage): Promise<void> {
    switch (message.kind) {
      case 'ready':
        this.#range = message.range ?? this.#range;
        this.#sent = undefined;
        return this.#update();
      case 'range':
        this.#range = message.range;
        this.#sent = undefined;
        return this.#update();
      case 'run':
        return runDashboardAction(message.action);
      case 'unreadable':
        this.#log.warn(`The dashboard’s page could not read its state: ${message.reason}`);
        return this.#post({
          kind: 'failed',
          message: l10n.t('The dashboard can’t show what Headroom knows. The log has the reason.'),
        });
      default: {
        const result = this.#sent && (await saveExport(message, this.#sent.state, this.#styleSheet));
        if (result) this.#post(result);
      }
    }
  }

  /** Updates soon, and then seldom: ages grow also when nothing happens. */
  #soon(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#try(() => this.#update()),
      Math.max(0, this.#sentAt + ms - Date.now()),
    );
  }

  async #update(): Promise<void> {
    if (!this.#panel.visible) return;
    this.#sentAt = Date.now();
    this.#soon(slowMs);
    const range = this.#range;
    const state = await this.#source.state(range);
    // another range may have been chosen meanwhile
    if (!state || this.#isDisposed || range !== this.#range) return;
    const before = this.#sent;
    const { now, title, panels } = state;
    const texts: PanelTexts = new Map(panels.map(panel => [panel.id, JSON.stringify(panel)]));
    this.#sent = { state, texts };
    if (before?.state.title !== title || before.state.range !== range) {
      this.#post({ kind: 'state', state });
      return;
    }
    // VS Code writes what it is sent as JSON once more, which takes milliseconds for all panels
    const changed = panels.filter(({ id }) => texts.get(id) !== before.texts.get(id));
    if (changed.length > 0) this.#post({ kind: 'panels', now, panels: changed });
  }

  #post(message: MessageToPage): void {
    void this.#panel.webview.postMessage(message);
  }
}
