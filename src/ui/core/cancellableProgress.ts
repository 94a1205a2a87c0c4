import * as vscode from 'vscode';

/** Runs with a progress notification whose Cancel button aborts the signal. Undefined: cancelled. */
export async function cancellableProgress<T>(
  title: string,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return await vscode.window.withProgress(options, async (_progress, cancellation) => {
    const abort = new AbortController();
    cancellation.onCancellationRequested(() => abort.abort());
    try {
      const result = await run(abort.signal);
      return abort.signal.aborted ? undefined : result;
    } catch (error) {
      if (abort.signal.aborted) return undefined;
      throw error;
    }
  });
}
