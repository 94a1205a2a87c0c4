import { randomUUID } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { dashboardView } from '../../view/contributions.ts';
import { dashboardHtml } from '../../view/dashboard/dashboardHtml.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { DashboardSource } from './dashboardSource.ts';
import { OpenDashboard } from './openDashboard.ts';

/** The window's dashboard, of which there is at most one. */
export class Dashboard implements vscode.Disposable {
  readonly #extension: vscode.Uri;
  readonly #core: CoreHandle;
  readonly #log: vscode.LogOutputChannel;
  #panel: vscode.WebviewPanel | undefined;
  #open: OpenDashboard | undefined;

  constructor(extension: vscode.Uri, core: CoreHandle, log: vscode.LogOutputChannel) {
    this.#extension = extension;
    this.#core = core;
    this.#log = log;
  }

  /** Opens it, or brings it into sight. */
  show(): void {
    if (this.#panel) this.#panel.reveal();
    else
      this.adopt(
        vscode.window.createWebviewPanel(dashboardView, title(), vscode.ViewColumn.Active, {
          enableFindWidget: true,
        }),
      );
  }

  /** Fills a new panel, or one that VS Code kept over a restart. */
  adopt(panel: vscode.WebviewPanel): void {
    this.#panel?.dispose();
    this.#panel = panel;
    this.#open?.dispose();
    const dist = vscode.Uri.joinPath(this.#extension, 'dist');
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    panel.iconPath = new vscode.ThemeIcon('graph');
    panel.title = title();
    const styleSheet = vscode.Uri.joinPath(dist, 'dashboard.css');
    const open = new OpenDashboard(panel, new DashboardSource(this.#core), styleSheet, this.#log);
    this.#open = open;
    panel.onDidDispose(() => {
      open.dispose();
      if (this.#panel === panel) this.#panel = undefined;
    });
    webview.html = dashboardHtml(
      {
        cspSource: webview.cspSource,
        script: webview.asWebviewUri(vscode.Uri.joinPath(dist, 'dashboard.js')).toString(),
        style: webview.asWebviewUri(styleSheet).toString(),
        nonce: randomUUID(),
      },
      vscode.env.language,
      title(),
    );
  }

  /** The panel stays: VS Code brings it back after a restart. */
  dispose(): void {
    this.#open?.dispose();
  }
}

function title(): string {
  return l10n.t('Headroom Dashboard');
}
