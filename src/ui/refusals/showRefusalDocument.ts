import * as vscode from 'vscode';
import { refusalScheme } from '../../view/contributions.ts';

/** Opens the document rendered; its source where the editor has no Markdown preview. */
export async function showRefusalDocument(path: string, query: string): Promise<void> {
  const uri = vscode.Uri.from({ scheme: refusalScheme, path, query });
  try {
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  } catch {
    await vscode.window.showTextDocument(uri, { preview: true });
  }
}
