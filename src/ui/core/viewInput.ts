import * as vscode from 'vscode';
import type { Snapshot } from '../../account/snapshot.ts';
import type { Payer } from '../../billing/profile.ts';
import { type FaceInput, faceInput } from '../../view/viewInput.ts';
import { viewSettings } from './settings.ts';

/** The input of view models at this moment. */
export function viewInputNow({ snapshot, payer }: { snapshot: Snapshot; payer: Payer }): FaceInput {
  return faceInput(snapshot, { ...viewSettings(), payer }, Date.now(), vscode.env.language);
}
