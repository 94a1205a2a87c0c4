import * as l10n from '@vscode/l10n';
import type { Snapshot } from '../../account/snapshot.ts';
import type { Preferences } from '../../billing/payerStore.ts';
import { type CommandId, commands } from '../contributions.ts';

export interface Notice {
  /** Names the problem: it is reported once until it is over. */
  readonly episode: string;
  /** `in-each-window`: for problems of the ledger, which can't say what other windows reported. */
  readonly reportedOnce: 'in-all-windows' | 'in-each-window';
  readonly message: string;
  readonly action: { readonly label: string; readonly command: CommandId };
}

/** Reported notices: of this window, and of all windows through the ledger. */
export interface ReportedNotices {
  readonly here: Set<string>;
  readonly everywhere: Preferences;
}

const ledgerEpisode = 'ledger';

/** Problems worth a notification. */
export function noticesFor({ session, account, credits, ledgerProblem }: Snapshot): Notice[] {
  const notices: Notice[] = [];
  if (session && [account, credits].some(({ problem }) => problem?.kind === 'invalid-token')) {
    notices.push({
      episode: tokenEpisode(session.id),
      reportedOnce: 'in-all-windows',
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
      reportedOnce: 'in-each-window',
      message: l10n.t('Headroom’s memory of past limits: {0}', ledgerProblem),
      action: { label: l10n.t('Show log'), command: commands.showLog },
    });
  }
  return notices;
}

/** Notices to report now. They count as reported until their problem is over. */
export function newNotices(snapshot: Snapshot, reported: ReportedNotices, now: number): Notice[] {
  for (const episode of overEpisodes(snapshot)) {
    reported.here.delete(episode);
    const key = preference(episode);
    if (reported.everywhere.getPreference(key)) reported.everywhere.setPreference(key, undefined);
  }
  return noticesFor(snapshot).filter(({ episode, reportedOnce }) => {
    if (reported.here.has(episode)) return false;
    reported.here.add(episode);
    if (reportedOnce === 'in-each-window') return true;
    const key = preference(episode);
    if (reported.everywhere.getPreference(key)) return false;
    reported.everywhere.setPreference(key, new Date(now).toISOString());
    return true;
  });
}

/** Problems that are over, so that the next one is reported again. */
function overEpisodes({ session, account, credits, ledgerProblem }: Snapshot): string[] {
  const over = ledgerProblem ? [] : [ledgerEpisode];
  // a lost network says nothing about the token; a missing permission proves that Hugging Face knows it
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
