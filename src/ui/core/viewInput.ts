import * as vscode from 'vscode';
import type { ViewInput } from '../../view/viewInput.ts';
import { viewSettings } from './settings.ts';

/** The input of view models at this moment. */
export function viewInputNow(known: Pick<ViewInput, 'snapshot' | 'payer'> & Partial<ViewInput>): ViewInput {
  const now = Date.now();
  return {
    providerWindows: [],
    held: [],
    ...known,
    settings: viewSettings(),
    now,
    serverNow: now + (known.snapshot.clockSkewMs ?? 0),
    locale: vscode.env.language,
  };
}
