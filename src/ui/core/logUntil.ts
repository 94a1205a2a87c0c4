import type * as vscode from 'vscode';
import type { Log } from '../../account/log.ts';
import { redact } from '../../limits/refusals/redact.ts';

/** Logs without secrets until `ended`: a disposed channel throws, and calls that are being aborted may still log. */
export function logUntil(ended: AbortSignal, channel: vscode.LogOutputChannel): Log {
  const log = (level: keyof Log) => (message: string) => {
    if (!ended.aborted) channel[level](redact(message));
  };
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}
