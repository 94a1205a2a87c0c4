import type * as vscode from 'vscode';

/** Something that is made after activation, once, when first asked for; it ends with the window. */
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
