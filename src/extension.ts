import * as vscode from 'vscode';

export function activate(context: vscode.ExtensionContext): void {
  const item = vscode.window.createStatusBarItem('status', vscode.StatusBarAlignment.Right, 100);
  item.name = 'Headroom for Hugging Face';
  item.text = '$(account) Hugging Face: sign in';
  item.show();
  context.subscriptions.push(item);
}
