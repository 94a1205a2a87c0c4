import type { Ledger } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/openLedger.ts';
import { type Environment, stateDirectory } from './configuration.ts';
import { editorsOf } from './connections.ts';
import { printError } from './terminal.ts';

/**
 * The ledger of the state folder. Says on stderr when the folder is the choice of a workspace.
 * @param option `--state`
 */
export function openStateLedger(option: string | undefined, environment: Environment): Ledger {
  const foreign = option === undefined && foreignState(environment);
  if (foreign) {
    printError(
      `the data is in ${foreign}, which HEADROOM_STATE names. It is not your editor's folder: a workspace can set variables of terminals.`,
    );
  }
  return openLedger({ directory: stateDirectory(option, environment), now: Date.now });
}

/** Says once on stderr that the ledger can't be written, or was damaged, as soon as it is called then. */
export function ledgerNotice(ledger: Pick<Ledger, 'health'>, consequence: string): () => void {
  let isSaid = false;
  return () => {
    const { health } = ledger;
    if (isSaid || health.kind === 'ok') return;
    isSaid = true;
    printError(health.kind === 'memory' ? `${health.reason} ${consequence}` : health.reason);
  };
}

function foreignState(environment: Environment): string | undefined {
  const state = environment.HEADROOM_STATE?.trim();
  const editors = editorsOf(environment);
  return state && editors && !editors.some(({ storage }) => storage === state) ? state : undefined;
}
