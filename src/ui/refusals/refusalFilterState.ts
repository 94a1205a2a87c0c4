import * as vscode from 'vscode';
import { contextKeys } from '../../view/contributions.ts';
import { isFiltering, parseFilter, type RefusalFilter } from '../../view/refusals/refusalFilter.ts';
import { setContext } from '../core/setContext.ts';

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
    this.#tell();
  }

  async set(value: RefusalFilter): Promise<void> {
    this.value = value;
    this.#tell();
    this.#changes.fire(value);
    await this.#memento.update(key, isFiltering(value) ? value : undefined);
  }

  dispose(): void {
    this.#changes.dispose();
  }

  #tell(): void {
    setContext(contextKeys.refusalsFiltered, isFiltering(this.value));
  }
}
