import { createHash } from 'node:crypto';

interface Uri {
  toString(): string;
}

/** The part of `vscode.workspace` that is used here. */
export interface OpenWorkspace {
  readonly workspaceFile: Uri | undefined;
  readonly workspaceFolders: readonly { readonly uri: Uri }[] | undefined;
}

/** The part of `vscode.Memento` that is used here. */
interface State {
  get<T>(key: string): T | undefined;
  update(key: string, value: unknown): PromiseLike<void>;
}

const key = 'workspaceId';

/** In a browser an untitled workspace is a file of VS Code's own, whose scheme is not `untitled`. */
const untitled = /^untitled:|\/User\/Workspaces\/Untitled-\d+\.code-workspace$/;

/**
 * Id of the open workspace, also for programs in its terminals; undefined when no folder is open. The payer
 * is kept under it, so the id stays when folders are added or the workspace is saved under another name:
 * desktop VS Code moves the workspace state along. A browser does not; there an untitled workspace takes the
 * id of its first folder, from which it most often grew.
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
  // a browser may show an untitled workspace without its folders until the next window
  if (!isUntitled || folder) void state.update(key, id);
  return id;
}
