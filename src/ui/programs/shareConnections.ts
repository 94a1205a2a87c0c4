import * as vscode from 'vscode';
import { editorConnections, editorsFolder, writeEditorConnections } from '../../account/editorConnections.ts';
import type { Log } from '../../account/log.ts';
import { gatewaySettings, onDidChangeSettings } from '../core/settings.ts';

/**
 * Keeps the user's servers where `headroom` finds them in this editor's terminals, whatever variables a workspace sets
 * there. Not for an extension in development, whose servers may be an emulator's.
 */
export function shareConnections(context: vscode.ExtensionContext, log: Log): vscode.Disposable {
  const folder = context.extensionMode === vscode.ExtensionMode.Production ? editorsFolder() : undefined;
  if (folder === undefined) return vscode.Disposable.from();
  const write = () => {
    try {
      const storage = context.globalStorageUri.fsPath;
      writeEditorConnections(folder, editorConnections(storage, gatewaySettings(), process.env));
    } catch (error) {
      log.warn(`The command headroom can't see this editor's servers: ${String(error)}`);
    }
  };
  write();
  return onDidChangeSettings(write);
}
