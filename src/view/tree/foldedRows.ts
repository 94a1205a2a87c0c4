import * as l10n from '@vscode/l10n';
import { rowKinds } from '../contributions.ts';
import { formatCount } from '../text/counts.ts';
import { branch, type TreeNode } from './treeNode.ts';

/** More rows would bury the sections below. */
const mostUnfolded = 10;

/** The first ten rows; the others below one row. Ids stay the same when a row moves there. */
export function foldedRest(parentId: string, rows: readonly TreeNode[], locale: string): TreeNode[] {
  const rest = rows.slice(mostUnfolded);
  const label = l10n.t('{0} more', formatCount(rest.length, locale));
  return [...rows.slice(0, mostUnfolded), ...foldedRow(`${parentId}:more`, label, rest)];
}

/** One closed row above the rows; none without rows. */
export function foldedRow(
  id: string,
  label: string,
  rows: readonly TreeNode[],
  description = '',
): TreeNode[] {
  if (rows.length === 0) return [];
  const icon = { id: 'ellipsis' };
  return [branch({ id, label, description, kind: rowKinds.value, icon, tooltip: () => '' }, false, rows)];
}
