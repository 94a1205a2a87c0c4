import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import {
  countOf,
  lastOf,
  type Refusal,
  type RefusalCause,
  type RefusalSource,
} from '../../limits/refusals/refusal.ts';
import {
  addressOf,
  findRefusal,
  formatAddress,
  isSame,
  parseAddress,
} from '../../view/refusals/refusalAddress.ts';
import { forgottenDocument, refusalDocument } from '../../view/refusals/refusalDocument.ts';
import { filterOf } from '../../view/refusals/refusalFilter.ts';
import { groupRefusals, type RefusalGroup, totalOf } from '../../view/refusals/refusalGroups.ts';
import {
  causeLabel,
  refusalCauses,
  refusalSources,
  sourceIcon,
  sourceLabel,
} from '../../view/refusals/refusalLabels.ts';
import { refusalReport } from '../../view/refusals/refusalReport.ts';
import { refusalEnd, refusalTitle } from '../../view/refusals/refusalText.ts';
import { joined } from '../../view/text/counts.ts';
import { clockText } from '../../view/text/times.ts';
import type { CoreHandle } from '../core/coreHandle.ts';
import { notify } from '../core/notify.ts';
import { pick } from '../core/pick.ts';
import { explainedText } from './explainCommand.ts';
import type { RefusalFilterState } from './refusalFilterState.ts';
import { showRefusalDocument } from './showRefusalDocument.ts';

const dayMs = 86_400_000;
/** Bounds how many refusals of an episode its document counts. */
const mostAround = 500;

/** Text of the document that a URI's query names. */
export async function refusalText(core: CoreHandle, query: string): Promise<string> {
  const { ledger } = await core.get();
  const address = parseAddress(query);
  const input = core.viewInput();
  const explained = input && explainedText(query, input);
  if (explained !== undefined) return explained;
  if (!address || !input) return forgottenDocument();
  const { at } = address;
  const refusal = findRefusal(address, ledger.refusalsBetween(at, at, mostAround));
  if (!refusal) return forgottenDocument();
  const around = groupRefusals(ledger.refusalsBetween(at - dayMs, at + dayMs, mostAround));
  const episode = around.find(({ oldest, newest, refusals }) => {
    return oldest.at <= at && lastOf(newest) >= at && refusals.some(each => isSame(each, refusal));
  });
  return refusalDocument(refusal, episode ?? alone(refusal), input);
}

/** Opens the newest refusal of a row; without a row, of the group that the user picks. */
export async function openRefusal(core: CoreHandle, row: readonly Refusal[] | undefined): Promise<void> {
  const [refusal] = row ?? (await pickGroup(core, l10n.t('Open a Refusal')))?.refusals ?? [];
  if (!refusal) return;
  const { ledger } = await core.get();
  const address = addressOf(refusal, ledger.refusalsBetween(refusal.at, refusal.at, mostAround));
  const { path, query } = formatAddress(address);
  await showRefusalDocument(path, query);
}

/** Copies a group of refusals as Markdown, for a support ticket. */
export async function copyRefusal(core: CoreHandle, row: readonly Refusal[] | undefined): Promise<void> {
  const [group] = row ? groupRefusals(row) : [await pickGroup(core, l10n.t('Copy a Refusal as Markdown'))];
  if (!group) return;
  await vscode.env.clipboard.writeText(refusalReport(group));
  vscode.window.setStatusBarMessage(
    group.count === 1
      ? l10n.t('Copied one refusal as Markdown')
      : l10n.t('Copied {0} refusals as Markdown', group.count),
    3_000,
  );
}

export async function filterRefusals(core: CoreHandle, filter: RefusalFilterState): Promise<void> {
  const refusals = core.snapshot?.refusals ?? [];
  if (refusals.length === 0) return showNone();
  const { sources, causes } = filter.value;
  const counted = (test: (refusal: Refusal) => boolean) => String(totalOf(refusals.filter(test)));
  type Item = vscode.QuickPickItem & { readonly of?: RefusalSource | RefusalCause };
  const separator = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const some = ({ description, picked }: Item) => description !== '0' || picked;
  const items: Item[] = [
    separator(l10n.t('Seen in')),
    ...refusalSources
      .map(of => ({
        label: sourceLabel(of),
        description: counted(({ source }) => source === of),
        iconPath: new vscode.ThemeIcon(sourceIcon(of)),
        picked: sources.includes(of),
        of,
      }))
      .filter(some),
    separator(l10n.t('Cause')),
    ...refusalCauses
      .map(of => ({
        label: causeLabel(of),
        description: counted(({ cause }) => cause === of),
        picked: causes.includes(of),
        of,
      }))
      .filter(some),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: l10n.t('Filter Refusals'),
    placeHolder: l10n.t('Tick sources and causes to list; none ticked lists all'),
    canPickMany: true,
  });
  if (picked) await filter.set(filterOf(picked.flatMap(({ of }) => of ?? [])));
}

/** Forgets the refusals of all windows, after a question. */
export async function clearRefusals(core: CoreHandle): Promise<void> {
  if (core.snapshot?.refusals.length === 0) return showNone();
  const detail = l10n.t(
    'Headroom forgets all refusals, in all windows and in the command line. Limits stay as they are.',
  );
  const clear = async () => {
    const { ledger, service } = await core.get();
    const [newest] = ledger.lastRefusals(1);
    ledger.forgetRefusals(Math.max(Date.now(), newest ? lastOf(newest) : 0));
    service.showWritten();
  };
  await notify(
    vscode.window.showWarningMessage,
    l10n.t('Clear all refusals?'),
    { [l10n.t('Clear')]: clear },
    { modal: true, detail },
  );
}

async function pickGroup(core: CoreHandle, title: string): Promise<RefusalGroup | undefined> {
  const input = core.viewInput();
  if (!input) return undefined;
  const { snapshot, locale } = input;
  const items = groupRefusals(snapshot.refusals).map(group => ({
    label: refusalTitle(group.newest, locale),
    description: joined([
      clockText(lastOf(group.newest), input),
      `×${group.count}`,
      refusalEnd(group.newest, input),
    ]),
    value: group,
  }));
  if (items.length === 0) return showNone();
  return await pick(items, { title, matchOnDescription: true });
}

function showNone(): undefined {
  void vscode.window.showInformationMessage(l10n.t('No recent refusals.'));
}

function alone(refusal: Refusal): RefusalGroup {
  return { newest: refusal, oldest: refusal, count: countOf(refusal), refusals: [refusal] };
}
