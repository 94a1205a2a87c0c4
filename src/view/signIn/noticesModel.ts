import * as l10n from '@vscode/l10n';
import type { Snapshot } from '../../account/snapshot.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { type CommandId, commands } from '../contributions.ts';

export interface Notice {
  /** Names the episode, without a time: each is told once until it is over. */
  readonly episode: string;
  /** Who else must not tell it again: no other window, or only this one (a ledger in memory has no others). */
  readonly toldOnce: 'in-all-windows' | 'in-each-window';
  readonly message: string;
  readonly action: { readonly label: string; readonly command: CommandId };
}

/** Which notices have been told: in this window, and in all windows through the ledger. */
export interface ToldNotices {
  readonly here: Set<string>;
  readonly everywhere: Pick<Ledger, 'getPreference' | 'setPreference'>;
}

const ledgerEpisode = 'ledger';

/** The few things that a person must hear of without having asked. */
export function noticesFor({ session, account, credits, ledgerProblem }: Snapshot): Notice[] {
  const notices: Notice[] = [];
  if (session && [account, credits].some(({ problem }) => problem?.kind === 'invalid-token')) {
    notices.push({
      episode: tokenEpisode(session.id),
      toldOnce: 'in-all-windows',
      message: [account, credits].some(({ value }) => value !== undefined)
        ? l10n.t(
            'Hugging Face rejects the token of {0}. Nothing was lost; the last values stay visible.',
            session.label,
          )
        : l10n.t('Hugging Face rejects the token of {0}. Nothing was lost.', session.label),
      action: { label: l10n.t('Sign in again'), command: commands.signIn },
    });
  }
  if (ledgerProblem) {
    notices.push({
      episode: ledgerEpisode,
      toldOnce: 'in-each-window',
      message: l10n.t('Headroom’s memory of past limits: {0}', ledgerProblem),
      action: { label: l10n.t('Show log'), command: commands.showLog },
    });
  }
  return notices;
}

/** Those that are to be told now. They count as told from here on, until their episode is over. */
export function untoldNotices(snapshot: Snapshot, told: ToldNotices, now: number): Notice[] {
  for (const episode of overEpisodes(snapshot)) {
    told.here.delete(episode);
    const key = preference(episode);
    if (told.everywhere.getPreference(key)) told.everywhere.setPreference(key, undefined);
  }
  return noticesFor(snapshot).filter(({ episode, toldOnce }) => {
    if (told.here.has(episode)) return false;
    told.here.add(episode);
    if (toldOnce === 'in-each-window') return true;
    const key = preference(episode);
    if (told.everywhere.getPreference(key)) return false;
    told.everywhere.setPreference(key, new Date(now).toISOString());
    return true;
  });
}

/** Episodes that have ended, so that the next one is told again. */
function overEpisodes({ session, account, credits, ledgerProblem }: Snapshot): string[] {
  const over = ledgerProblem ? [] : [ledgerEpisode];
  // a lost network says nothing of the token; a missing permission says that the token itself is known
  const answered = [account, credits].every(
    ({ problem }) => !problem || problem.kind === 'missing-permission',
  );
  const known = account.asOf !== undefined || credits.asOf !== undefined;
  return session && answered && known ? [...over, tokenEpisode(session.id)] : over;
}

function tokenEpisode(sessionId: string): string {
  return `invalid-token/${sessionId}`;
}

function preference(episode: string): string {
  return `notice/${episode}`;
}
