import * as vscode from 'vscode';

export interface SecretQuestion<T> {
  readonly title: string;
  readonly prompt: string;
  /** Page that makes such a secret; a button of the box opens it. */
  readonly page?: { readonly url: string; readonly tooltip: string };
  /** Checks the text, which has no white space. Resolves with its result, or with a message for the box. */
  accept(text: string, signal: AbortSignal): Promise<{ readonly value: T } | { readonly message: string }>;
}

/** Asks in a password box that stays open until `accept` has a value. Undefined: the user closed it. */
export function askSecret<T>({ title, prompt, page, accept }: SecretQuestion<T>): Promise<T | undefined> {
  return new Promise(resolve => {
    const box = vscode.window.createInputBox();
    const abort = new AbortController();
    Object.assign(box, { title, prompt, password: true, ignoreFocusOut: true });
    if (page) {
      box.buttons = [{ iconPath: new vscode.ThemeIcon('link-external'), tooltip: page.tooltip }];
      box.onDidTriggerButton(() => void vscode.env.openExternal(vscode.Uri.parse(page.url, true)));
    }
    box.onDidChangeValue(() => {
      box.validationMessage = undefined;
    });
    box.onDidAccept(async () => {
      // pasted secrets often bring a newline along
      const text = box.value.replace(/\s+/g, '');
      if (!text || box.busy) return;
      box.busy = true;
      box.enabled = false;
      const result = await accept(text, abort.signal);
      if (abort.signal.aborted) return;
      if ('value' in result) {
        resolve(result.value);
        box.hide();
        return;
      }
      box.validationMessage = result.message;
      box.enabled = true;
      box.busy = false;
    });
    box.onDidHide(() => {
      abort.abort();
      box.dispose();
      resolve(undefined);
    });
    box.show();
  });
}
