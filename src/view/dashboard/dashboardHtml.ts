import type { MessageFromPage } from './dashboardState.ts';

type PrintablePage = Extract<MessageFromPage, { kind: 'export-page' }>;

/** What the page's HTML needs of its webview. */
export interface PageAddresses {
  /** `Webview.cspSource`. */
  readonly cspSource: string;
  readonly script: string;
  readonly style: string;
  /** Allows this one script, and is new for each page. */
  readonly nonce: string;
}

/** The page before its script runs: it may load Headroom's script, style sheet and pictures of itself, and nothing else. */
export function dashboardHtml(
  { cspSource, script, style, nonce }: PageAddresses,
  locale: string,
  title: string,
): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${cspSource}; img-src data:`;
  return `<!DOCTYPE html>
<html lang="${attribute(locale)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${attribute(title)}</title>
<link rel="stylesheet" href="${attribute(style)}">
</head>
<body>
<main id="dashboard"></main>
<script nonce="${nonce}" src="${attribute(script)}"></script>
</body>
</html>`;
}

/** The page as a file of its own: no script runs in it, and it loads nothing. */
export function printableHtml(
  { body, theme, themeKind }: PrintablePage,
  css: string,
  locale: string,
  title: string,
): string {
  return `<!DOCTYPE html>
<html lang="${attribute(locale)}" style="${attribute(theme)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${attribute(title)}</title>
<style>${css}</style>
</head>
<body class="${attribute(themeKind)}">
${body}
</body>
</html>`;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
