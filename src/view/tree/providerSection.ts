import * as l10n from '@vscode/l10n';
import { shownHeld } from '../account/heldRequests.ts';
import { providerWindows, type ShownWindow, windowName } from '../account/windows.ts';
import { rowKinds } from '../contributions.ts';
import { joined } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';
import { idSegment } from '../text/idSegment.ts';
import { pages } from '../text/pages.ts';
import { oneLine } from '../text/plainText.ts';
import { ageText, spanInWords } from '../text/times.ts';
import { fullestText } from '../text/windowText.ts';
import type { ViewInput } from '../viewInput.ts';
import { heldRows, limitsSummary } from './heldRows.ts';
import { isOfHub } from './rateLimitsSection.ts';
import { branch, type TreeNode, withUniqueIds } from './treeNode.ts';
import { windowRow } from './windowRow.ts';

/** A row for each model of a key, and for each account that all users share, with its windows below. */
export function providerSection(input: ViewInput): TreeNode[] {
  const held = shownHeld(input.held, input.now).filter(each => !isOfHub(each));
  const windows = providerWindows(input);
  if (held.length + windows.length === 0) return [];
  const groups = [...Map.groupBy(windows, groupId)].map(([id, of]) => groupRow(id, of, input));
  const own = windows.filter(({ isShownOnly }) => !isShownOnly);
  const row = {
    id: 'provider-limits',
    label: l10n.t('Provider limits'),
    kind: rowKinds.section,
    description: limitsSummary(held, own, input),
    icon: { id: 'key' },
    tooltip: () => l10n.t('Limits of providers, from responses that passed the gateway.'),
    url: pages.inferenceProviders,
  };
  return [branch(row, true, [...heldRows(held, input), ...withUniqueIds(groups)])];
}

/** No segment has a colon, so no key's model is taken for the shared account. */
function groupId({ provider = '', model = '', isShownOnly }: ShownWindow): string {
  // not below the group without a model, whose rows are named after buckets
  const shared = model === '' ? ':shared' : `:shared-for/${idSegment(model)}`;
  const owner = isShownOnly ? shared : idSegment(model);
  return `rate-limits:provider/${idSegment(provider)}/${owner}`;
}

function groupRow(id: string, windows: readonly ShownWindow[], input: ViewInput): TreeNode {
  const [{ provider = '', model = '', isShownOnly = false } = {}] = windows;
  const name = oneLine(provider, 24);
  const row = {
    id,
    kind: rowKinds.value,
    tooltip: () => escapeMarkdown(limitOwner(provider, model, isShownOnly), 1000),
  };
  const rows = windows.map(window => windowRow(id, window, input, () => tooltip(window, input)));
  const children = withUniqueIds(rows);
  if (!isShownOnly) {
    const label = joined([name, oneLine(model, 80)]);
    const description = fullestText(windows, windowName);
    return branch({ ...row, label, description, icon: { id: 'key' } }, true, children);
  }
  const label = l10n.t('{0}, shared', name);
  const description = joined([l10n.t('by all users of Hugging Face'), oneLine(model, 80)]);
  const spoken = l10n.t('by all users of Hugging Face, not your own limit');
  return branch({ ...row, label, description, spoken, icon: { id: 'globe' } }, false, children);
}

function limitOwner(provider: string, model: string, isShared: boolean): string {
  const name = oneLine(provider, 40);
  if (isShared && model !== '') {
    return l10n.t(
      'The limit of Hugging Face’s own account at {0} for {1}, which all users share. While it is full, the gateway holds requests for that model only.',
      name,
      oneLine(model, 80),
    );
  }
  return isShared
    ? l10n.t(
        'The limit of Hugging Face’s own account at {0}, which all users share. It is not your limit, and the gateway holds no requests for it.',
        name,
      )
    : l10n.t('The limit of your {0} key for {1}.', name, oneLine(model, 80));
}

function tooltip(window: ShownWindow, { now, locale }: ViewInput) {
  const { provider = '', model = '', windowSeconds, asOf, isShownOnly = false, isOver } = window;
  return [
    limitOwner(provider, model, isShownOnly),
    windowSeconds !== undefined && l10n.t('A window of {0}.', spanInWords(windowSeconds, locale)),
    isOver && l10n.t('That window is over. The use since then is not known.'),
    l10n.t('Reported to the gateway {0}.', ageText(asOf, now, locale)),
  ];
}
