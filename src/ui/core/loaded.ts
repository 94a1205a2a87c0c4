import type * as vscode from 'vscode';

/** A value loaded once, by the first `get`, and disposed of with the window. */
export class Loaded<T extends vscode.Disposable> implements vscode.Disposable {
  readonly #load: () => Promise<T>;
  #loading: Promise<T> | undefined;
  #disposed = false;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  async get(): Promise<T> {
    this.#loading ??= this.#load();
    const loaded = await this.#loading;
    // the window may have closed meanwhile; disposing twice does nothing
    if (this.#disposed) loaded.dispose();
    return loaded;
  }

  dispose(): void {
    this.#disposed = true;
    this.#loading?.then(
      loaded => loaded.dispose(),
      () => undefined,
    );
  }
}
