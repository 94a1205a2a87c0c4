import * as vscode from 'vscode';

export interface InputStep
  extends Pick<vscode.InputBox, 'title' | 'prompt' | 'value' | 'step' | 'totalSteps' | 'placeholder'> {
  /** A string keeps the box open; a message of severity `Info` does not. */
  readonly check: (text: string) => string | vscode.InputBoxValidationMessage | undefined;
}

/** One step of several with a text. Undefined: a step back, by its button or Escape. */
export function inputStep({ check, step, ...options }: InputStep): Promise<string | undefined> {
  const box = Object.assign(vscode.window.createInputBox(), options, { step, ignoreFocusOut: true });
  if (step !== undefined && step > 1) box.buttons = [vscode.QuickInputButtons.Back];
  box.validationMessage = check(box.value);
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  box.onDidChangeValue(text => {
    box.validationMessage = check(text);
  });
  box.onDidAccept(() => {
    if (typeof check(box.value) !== 'string') resolve(box.value);
  });
  box.onDidTriggerButton(() => resolve(undefined));
  box.onDidHide(() => resolve(undefined));
  box.show();
  return promise.finally(() => box.dispose());
}
