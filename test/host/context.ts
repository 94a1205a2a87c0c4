import * as vscode from 'vscode';
import manifest from '../../package.json' with { type: 'json' };

export interface ContextOptions {
  /** Token of the signed-in account. */
  readonly token: string;
  /** Directory of the ledger. */
  readonly storage: string;
  /** Folder of a built extension, for its gateway; default: one without. */
  readonly extensionPath?: string;
  /** Gets each call of the EnvironmentVariableCollection, such as `replace HF_BILL_TO acme`. */
  readonly onWrite?: (call: string) => void;
}

/** An `ExtensionContext` whose secrets and workspace state are not VS Code's. */
export function signedInContext({ token, storage, ...options }: ContextOptions): vscode.ExtensionContext {
  const variables = new Map<string, { value: string }>();
  const write =
    (call: string) =>
    (name: string, value = '') => {
      options.onWrite?.(`${call} ${name} ${value}`.trimEnd());
      if (call === 'delete') variables.delete(name);
      else variables.set(name, { value });
    };
  const context = {
    subscriptions: [] as vscode.Disposable[],
    globalStorageUri: vscode.Uri.file(storage),
    extension: { packageJSON: manifest },
    extensionUri: vscode.Uri.file(options.extensionPath ?? storage),
    globalState: { get: () => undefined, update: async () => {} },
    workspaceState: { get: (_key: string, fallback: unknown) => fallback, update: async () => {} },
    environmentVariableCollection: {
      replace: write('replace'),
      prepend: write('prepend'),
      append: write('append'),
      delete: write('delete'),
      get: (name: string) => variables.get(name),
      [Symbol.iterator]: () => variables.entries(),
    },
    secrets: {
      keys: async () => ['headroom.token.ada'],
      get: async () => token,
      store: async () => {},
      delete: async () => {},
      onDidChange: new vscode.EventEmitter<vscode.SecretStorageChangeEvent>().event,
    },
  };
  return context as unknown as vscode.ExtensionContext;
}
