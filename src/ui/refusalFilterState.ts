import * as vscode from 'vscode';
import { contextKeys } from './contributions.ts';
import { isFiltering, parseFilter, type RefusalFilter } from './refusalFilter.ts';

const KEY = 'refusals.filter';

/** Which refusals this workspace lists. */
export class RefusalFilterState implements vscode.Disposable {
  private readonly memento: vscode.Memento;
  private readonly changes = new vscode.EventEmitter<RefusalFilter>();
  readonly onDidChange = this.changes.event;
  value: RefusalFilter;

  constructor(memento: vscode.Memento) {
    this.memento = memento;
    this.value = parseFilter(memento.get(KEY));
    this.tellContext();
  }

  async set(value: RefusalFilter): Promise<void> {
    this.value = value;
    this.tellContext();
    this.changes.fire(value);
    await this.memento.update(KEY, isFiltering(value) ? value : undefined);
  }

  dispose(): void {
    this.changes.dispose();
  }

  private tellContext(): void {
    const filtering = isFiltering(this.value);
    void vscode.commands.executeCommand('setContext', contextKeys.refusalsFiltered, filtering);
  }
}
