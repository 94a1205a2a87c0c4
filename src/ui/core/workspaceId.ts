import { createHash } from 'node:crypto';

interface Uri {
  toString(): string;
}

/** `vscode.workspace`, as far as it is needed. */
export interface OpenWorkspace {
  readonly workspaceFile: Uri | undefined;
  readonly workspaceFolders: readonly { readonly uri: Uri }[] | undefined;
}

/** The editor's memory of the workspace. */
interface State {
  get<T>(key: string): T | undefined;
  update(key: string, value: unknown): PromiseLike<void>;
}

const key = 'workspaceId';

/** In a browser it is a file of the editor's own, and is not told to be untitled. */
const untitled = /^untitled:|\/User\/Workspaces\/Untitled-\d+\.code-workspace$/;

/**
 * Names what is open in this window, also to programs in its terminals; undefined when no folder is open. Who pays there
 * was chosen under this name, so it stays when further folders are added or the workspace is saved under another one:
 * desktop VS Code takes the state along. In a browser it does not, but the first folder of an untitled workspace is most
 * often the one that it grew out of.
 */
export function workspaceId(
  { workspaceFile, workspaceFolders }: OpenWorkspace,
  state: State,
): string | undefined {
  const folder = workspaceFolders?.[0]?.uri;
  const isUntitled = workspaceFile !== undefined && untitled.test(workspaceFile.toString());
  const uri = (isUntitled ? folder : undefined) ?? workspaceFile ?? folder;
  if (uri === undefined) return undefined;
  const known = state.get<string>(key);
  if (known !== undefined) return known;
  const id = createHash('sha256').update(uri.toString()).digest('hex').slice(0, 16);
  void state.update(key, id);
  return id;
}
