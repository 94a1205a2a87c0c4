import type { Refusal } from '../../limits/refusals/refusal.ts';
import type { Action } from '../action.ts';
import type { RowKind } from '../contributions.ts';
import type { Icon } from '../text/colors.ts';

/** One row of the tree as data, without VS Code. */
export interface TreeNode {
  /** Stable over time and unique in the tree. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly icon?: Icon;
  /** A `RowKind`; with `.page` after it when the row has a `url`. */
  readonly contextValue: string;
  /** The row in words. */
  readonly accessibilityLabel: string;
  /** Undefined for a leaf. */
  readonly expanded?: boolean;
  readonly children: readonly TreeNode[];
  /** Makes Markdown when VS Code resolves the row. */
  readonly tooltip: () => string;
  /** For the clipboard. */
  readonly copyValue: string;
  /** The row's page at Hugging Face. */
  readonly url?: string;
  /** Runs on Enter and click. */
  readonly action?: Action;
  /** The row's refusals, newest first. */
  readonly refusals?: readonly Refusal[];
}

export interface RowOptions
  extends Omit<TreeNode, 'contextValue' | 'accessibilityLabel' | 'expanded' | 'children' | 'copyValue'> {
  readonly kind: RowKind;
  /** Spoken in place of a description that is not words. */
  readonly spoken?: string;
  readonly copyValue?: string;
}

/** A row without children. */
export function leaf({ kind, spoken, copyValue, ...row }: RowOptions): TreeNode {
  const { label, url } = row;
  const description = row.description || undefined;
  const words = spoken ?? description;
  return {
    ...row,
    description,
    contextValue: url === undefined ? kind : `${kind}.page`,
    accessibilityLabel: (words ? `${label}, ${words}` : label).replaceAll(' · ', ', '),
    children: [],
    copyValue: copyValue ?? (description ? `${label}: ${description}` : label),
  };
}

/** A row with children; a leaf when there are none. */
export function branch(options: RowOptions, expanded: boolean, children: readonly TreeNode[]): TreeNode {
  const row = leaf(options);
  return children.length === 0 ? row : { ...row, expanded, children };
}

/** Adds a suffix to repeated ids, for remote lists that repeat a name. */
export function withUniqueIds(rows: readonly TreeNode[]): TreeNode[] {
  const seen = new Map<string, number>();
  return rows.map(row => {
    const count = (seen.get(row.id) ?? 0) + 1;
    seen.set(row.id, count);
    return count === 1 ? row : { ...row, id: `${row.id}#${count}` };
  });
}
