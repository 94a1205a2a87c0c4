import { createHash } from 'node:crypto';
import * as vscode from 'vscode';

/** Names what is open in this window, also to programs in its terminals; undefined when no folder is open. */
export function workspaceId(): string | undefined {
  const { workspaceFile, workspaceFolders } = vscode.workspace;
  const uri = workspaceFile ?? workspaceFolders?.[0]?.uri;
  return uri && createHash('sha256').update(uri.toString()).digest('hex').slice(0, 16);
}
