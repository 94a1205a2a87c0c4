import type { MessageFromPage } from '../view/dashboard/dashboardState.ts';

type Printable = Omit<Extract<MessageFromPage, { kind: 'export-page' }>, 'kind'>;

/**
 * The page as it looks now, for a file that a browser prints: VS Code lets no webview print
 * (https://github.com/microsoft/vscode-extension-samples/issues/320). It has the tables that are open.
 */
export function printablePage(): Printable {
  const body = document.body.cloneNode(true) as HTMLElement;
  const asText = (places: string, textOf: (place: Element) => string | undefined) => {
    for (const place of body.querySelectorAll(places)) {
      const text = document.createElement('p');
      text.textContent = textOf(place) ?? '';
      place.replaceWith(text);
    }
  };
  // a copy of a `select` forgets the choice
  asText(
    '.tools',
    () => document.querySelector<HTMLSelectElement>('.tools select')?.selectedOptions[0]?.text,
  );
  asText('.splits', splits => splits.querySelector('input:checked + span')?.textContent);
  for (const button of body.querySelectorAll('.legend button[aria-pressed=true]')) {
    const shown = document.createElement('span');
    shown.className = 'key';
    shown.append(...button.childNodes);
    button.replaceWith(shown);
  }
  for (const data of body.querySelectorAll('.data'))
    data.replaceWith(...data.querySelectorAll('.table-scroll'));
  for (const needless of body.querySelectorAll('script, button, .notice, .tooltip-place')) needless.remove();
  // no keys move through a picture
  for (const plot of body.querySelectorAll('.plot')) plot.replaceWith(...plot.childNodes);
  for (const chart of body.querySelectorAll('svg.chart')) {
    chart.setAttribute('viewBox', `0 0 ${chart.getAttribute('width')} ${chart.getAttribute('height')}`);
    chart.removeAttribute('height');
  }
  return {
    body: body.innerHTML,
    theme: document.documentElement.style.cssText,
    themeKind: document.body.className,
  };
}
