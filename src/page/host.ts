import * as v from 'valibot';
import { type MessageFromPage, type MessageToPage, messageToPage } from '../view/dashboard/dashboardState.ts';

/** VS Code's API of a webview: https://code.visualstudio.com/api/references/vscode-api#WebviewPanel */
declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

const api = acquireVsCodeApi();

export function send(message: MessageFromPage): void {
  api.postMessage(message);
}

/** Calls `listener` with each message that fits the schema; the extension logs the others. Returns how to stop. */
export function receive(listener: (message: MessageToPage) => void): () => void {
  const check = ({ data }: MessageEvent<unknown>) => {
    const { success, output, issues } = v.safeParse(messageToPage, data);
    if (success) listener(output);
    else send({ kind: 'unreadable', reason: v.summarize(issues).slice(0, 500) });
  };
  window.addEventListener('message', check);
  return () => window.removeEventListener('message', check);
}

/** What VS Code kept of this page while it was hidden. */
export const readKept = (): unknown => api.getState();
export const writeKept = (kept: unknown): void => api.setState(kept);
