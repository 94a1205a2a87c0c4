import type { ServerName } from '../serverName.ts';

/**
 * JSON, or an HTML page for a client that accepts no JSON. git prints a text as `remote: …`, and git-lfs the `message`
 * as `batch response: …`.
 */
export type ErrorForm = 'json' | 'html' | 'git' | 'lfs';

export function errorFormOf(server: ServerName, path: string, accept = '*/*'): ErrorForm {
  if (server === 'hub' && isLfsPath(path)) return 'lfs';
  if (server === 'hub' && isGitPath(path)) return 'git';
  return /text\/html/.test(accept) || !/json|\*\/\*|event-stream/.test(accept) ? 'html' : 'json';
}

export function isLfsPath(path: string): boolean {
  return /\.git\/info\/lfs\//.test(path);
}

export function isGitPath(path: string): boolean {
  return /\/(?:info\/refs|git-upload-pack|git-receive-pack)$/.test(path);
}

/** HF's page; its form as users saw it in reports on llama.cpp. */
export function errorPage(status: number, message: string): string {
  const text = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<!DOCTYPE html>
<html class="" lang="en">
<head>
    <meta charset="utf-8" />
    <meta property="og:title" content="Hugging Face" />
    <title>Hugging Face</title>
    <style>
        main {
            text-align: center;
        }
    </style>
</head>
<body>
    <main>
        <div>
            <h1>${status}</h1>
            <p>${text}</p>
        </div>
    </main>
</body>
</html>
`;
}
