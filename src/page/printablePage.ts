import type { MessageFromPage } from '../view/dashboard/dashboardState.ts';

type Printable = Omit<Extract<MessageFromPage, { kind: 'export-page' }>, 'kind'>;

/**
 * The page as it looks now, for a file that a browser prints: VS Code lets no webview print
 * (https://github.com/microsoft/vscode-extension-samples/issues/320). Tables still open there, since they are `details`.
 */
export function printablePage(): Printable {
  const body = document.body.cloneNode(true) as HTMLElement;
  for (const needless of body.querySelectorAll('script, button, select, .menu, .notice, .tooltip-place')) {
    needless.remove();
  }
  const range = document.querySelector<HTMLSelectElement>('.tools select')?.selectedOptions[0]?.text ?? '';
  body.querySelector('.tools')?.replaceChildren(range);
  return {
    body: body.innerHTML,
    theme: document.documentElement.style.cssText,
    themeKind: document.body.className,
  };
}
