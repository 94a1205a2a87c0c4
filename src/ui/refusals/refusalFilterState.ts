import * as vscode from 'vscode';
import { contextKeys } from '../../view/contributions.ts';
import { isFiltering, parseFilter, type RefusalFilter } from '../../view/refusals/refusalFilter.ts';

const key = 'refusals.filter';

/** Filter of the refusals that the tree lists, kept per workspace. */
export class RefusalFilterState implements vscode.Disposable {
  readonly #memento: vscode.Memento;
  readonly #changes = new vscode.EventEmitter<RefusalFilter>();
  readonly onDidChange = this.#changes.event;
  value: RefusalFilter;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
    this.value = parseFilter(memento.get(key));
    this.#setContext();
  }

  async set(value: RefusalFilter): Promise<void> {
    this.value = value;
    this.#setContext();
    this.#changes.fire(value);
    await this.#memento.update(key, isFiltering(value) ? value : undefined);
  }

  dispose(): void {
    this.#changes.dispose();
  }

  #setContext(): void {
    const filtering = isFiltering(this.value);
    void vscode.commands.executeCommand('setContext', contextKeys.refusalsFiltered, filtering);
  }
}
