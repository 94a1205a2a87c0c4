import * as vscode from 'vscode';
import { commands, contextKeys, linkableCommands, views } from '../../view/contributions.ts';
import type { WelcomeState } from '../../view/status/welcomeState.ts';
import { colors } from '../../view/text/colors.ts';
import { changedNodes } from '../../view/tree/changedNodes.ts';
import type { TreeNode } from '../../view/tree/treeNode.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { setContext } from '../core/setContext.ts';
import type { RefusalFilterState } from '../refusals/refusalFilterState.ts';
import { Repaint } from './repaint.ts';

/** The tree in the side bar. VS Code knows rows by their ids, so they stay open and selected. */
export class LimitsTree implements vscode.TreeDataProvider<string>, vscode.Disposable {
  readonly #core: CoreHandle;
  readonly #filter: RefusalFilterState;
  readonly #changes = new vscode.EventEmitter<string[] | undefined>();
  readonly onDidChangeTreeData = this.#changes.event;
  readonly #view: vscode.TreeView<string>;
  readonly #repaint: Repaint;
  readonly #subscriptions: vscode.Disposable;
  #roots: readonly TreeNode[] = [];
  #nodes = new Map<string, TreeNode>();
  /** VS Code has rows, and keeps them open or closed. */
  #isRead = false;
  /** Sections that have news and are still closed, with the number of tries left to open them. */
  readonly #opening = new Map<string, number>();

  constructor(core: CoreHandle, filter: RefusalFilterState) {
    this.#core = core;
    this.#filter = filter;
    this.#view = vscode.window.createTreeView(views.limits, {
      treeDataProvider: this,
      showCollapseAll: true,
      canSelectMany: true,
    });
    this.#repaint = new Repaint(() => this.#draw());
    const look = () => {
      this.#repaint.now();
      this.#setPollPace().catch(() => undefined); // the core logs a failed start itself
    };
    this.#subscriptions = vscode.Disposable.from(
      this.#view,
      this.#changes,
      this.#repaint,
      dimStaleRows(),
      core.onDidChange(look), // a restart makes another service
      core.held.onDidChange(() => {
        if (core.held.current.length === 0) this.#repaint.now();
        else if (this.#view.visible) this.#repaint.soon();
      }),
      this.#view.onDidExpandElement(({ element }) => this.#opening.delete(element)),
      filter.onDidChange(() => this.#repaint.now()),
      this.#view.onDidChangeVisibility(look),
      vscode.window.onDidChangeWindowState(look),
      vscode.workspace.onDidChangeConfiguration(change => {
        if (change.affectsConfiguration('headroom')) this.#repaint.now();
      }),
    );
    this.#repaint.now();
  }

  /** The row with the id in a command's argument. */
  node(id: string): TreeNode | undefined {
    return this.#nodes.get(id);
  }

  /** The first selected row, for commands without a row of their own. */
  get selected(): TreeNode | undefined {
    return this.#selection()[0];
  }

  /** The rows of a command: those selected, unless it was run on a row beside them. */
  rowsOf(id: unknown): readonly TreeNode[] {
    const selection = this.#selection();
    const row = typeof id === 'string' ? this.#nodes.get(id) : undefined;
    return row && !selection.includes(row) ? [row] : selection;
  }

  getChildren(id?: string): string[] {
    this.#isRead = true;
    const children = id === undefined ? this.#roots : (this.#nodes.get(id)?.children ?? []);
    return children.map(node => node.id);
  }

  /** Only sections are revealed. */
  getParent(): undefined {}

  getTreeItem(id: string): vscode.TreeItem {
    const node = this.#nodes.get(id);
    if (!node) return new vscode.TreeItem('');
    const item = new vscode.TreeItem(node.label, collapsibleState(node));
    item.id = node.id;
    item.description = node.description;
    item.contextValue = node.contextValue;
    item.accessibilityInformation = { label: node.accessibilityLabel };
    if (node.icon) {
      const color = node.icon.color ? new vscode.ThemeColor(node.icon.color) : undefined;
      item.iconPath = new vscode.ThemeIcon(node.icon.id, color);
    }
    if (node.isStale) item.resourceUri = staleRow;
    if (node.action) item.command = { title: node.action.label, command: commands.openRow };
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, id: string): vscode.TreeItem {
    const tooltip = this.#nodes.get(id)?.tooltip();
    if (tooltip) {
      const markdown = new vscode.MarkdownString(tooltip, true);
      markdown.isTrusted = { enabledCommands: linkableCommands };
      item.tooltip = markdown;
    }
    return item;
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #draw(): boolean {
    const input = this.#core.viewInput();
    if (!input || !this.#core.viewModels) {
      this.#setWelcome('loading', false);
      return false;
    }
    const filtered = { ...input, refusalFilter: this.#filter.value };
    const { welcome, badge, roots, countsDown } = this.#core.viewModels.limitsView(filtered);
    this.#setWelcome(welcome, input.snapshot.session !== undefined);
    setContext(contextKeys.hasRefusals, input.snapshot.refusals.length > 0);
    const endpoints = Object.values(input.snapshot.endpoints);
    setContext(
      contextKeys.hasEndpoints,
      endpoints.some(({ value = [] }) => value.length > 0),
    );
    this.#view.badge = badge;
    this.#roots = roots;
    for (const { id, expanded = false } of roots) {
      const before = this.#nodes.get(id);
      if (this.#isRead && expanded && before && !before.expanded) this.#opening.set(id, mostTries);
    }
    const { nodes, changed } = changedNodes(this.#nodes, roots);
    this.#nodes = nodes;
    if (changed === 'structure') this.#changes.fire(undefined);
    else if (changed.length > 0) this.#changes.fire(changed);
    this.#openSections();
    return countsDown && this.#view.visible && vscode.window.state.focused;
  }

  /**
   * VS Code heeds `collapsibleState` only of new rows, and may not have read the tree anew when it reveals one: each
   * draw tries again. A hidden view would be shown, so it waits.
   */
  #openSections(): void {
    if (!this.#view.visible) return;
    for (const [id, tries] of this.#opening) {
      if (tries > 1) this.#opening.set(id, tries - 1);
      else this.#opening.delete(id);
      this.#view.reveal(id, { select: false, focus: false, expand: true }).then(undefined, () => undefined);
    }
  }

  #selection(): readonly TreeNode[] {
    return this.#view.selection.flatMap(id => this.#nodes.get(id) ?? []);
  }

  /** Polls are fast while the tree is visible, and slow while the window is not focused. */
  async #setPollPace(): Promise<void> {
    const { service } = await this.#core.get();
    const { focused } = vscode.window.state;
    service.setAttention(focused ? (this.#view.visible ? 'watching' : 'focused') : 'idle');
  }

  #setWelcome(state: WelcomeState, signedIn: boolean): void {
    setContext(contextKeys.signedIn, signedIn);
    setContext(contextKeys.welcome, state);
  }
}

const mostTries = 3;

const staleRow = vscode.Uri.from({ scheme: 'headroom-stale', path: '/' });

/** Tree rows have no colour of their own, except through a decoration. */
function dimStaleRows(): vscode.Disposable {
  return vscode.window.registerFileDecorationProvider({
    provideFileDecoration: ({ scheme }) =>
      scheme === staleRow.scheme ? { color: new vscode.ThemeColor(colors.stale) } : undefined,
  });
}

function collapsibleState({ expanded }: TreeNode): vscode.TreeItemCollapsibleState {
  if (expanded === undefined) return vscode.TreeItemCollapsibleState.None;
  return expanded ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
}
