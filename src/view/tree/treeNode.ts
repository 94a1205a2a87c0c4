import type { Refusal } from '../../limits/refusals/refusal.ts';
import type { Action } from '../action.ts';
import type { RowKind } from '../contributions.ts';

/** One row of the tree, as data: the VS Code binding only carries it over. */
export interface TreeNode {
  /** Stable over time and unique in the whole tree. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** A codicon and, where the state calls for it, a theme color. */
  readonly icon?: { readonly id: string; readonly color?: string };
  /** A `RowKind`, with `.page` after it when the row has a page to open. */
  readonly contextValue: string;
  /** The row in words. */
  readonly accessibilityLabel: string;
  /** Undefined for a leaf. */
  readonly expanded?: boolean;
  readonly children: readonly TreeNode[];
  /** Markdown, made when somebody points at the row. */
  readonly tooltip: () => string;
  /** What "copy value" puts on the clipboard. */
  readonly copyValue: string;
  /** The page of Hugging Face that belongs to the row. */
  readonly url?: string;
  /** What Enter does: it mends the problem that the row tells of, or opens what it stands for. */
  readonly action?: Action;
  /** Those that the row stands for, newest first. */
  readonly refusals?: readonly Refusal[];
}

interface RowOptions {
  readonly id: string;
  readonly label: string;
  readonly kind: RowKind;
  readonly description?: string;
  readonly icon?: { readonly id: string; readonly color?: string };
  /** What is spoken after the label in place of the description, when that is not words. */
  readonly spoken?: string;
  readonly tooltip: () => string;
  readonly copyValue?: string;
  readonly url?: string;
  readonly action?: Action;
  readonly refusals?: readonly Refusal[];
}

/** A row without children. */
export function leaf(options: RowOptions): TreeNode {
  const { id, label, kind, icon, tooltip, url, action, refusals } = options;
  const description = options.description || undefined;
  const spoken = options.spoken ?? description;
  return {
    id,
    label,
    description,
    icon,
    contextValue: url === undefined ? kind : `${kind}.page`,
    accessibilityLabel: (spoken ? `${label}, ${spoken}` : label).replaceAll(' · ', ', '),
    children: [],
    tooltip,
    copyValue: options.copyValue ?? (description ? `${label}: ${description}` : label),
    url,
    action,
    ...(refusals && { refusals }),
  };
}

/** A row with children; without any it is a leaf. */
export function branch(options: RowOptions, expanded: boolean, children: readonly TreeNode[]): TreeNode {
  const row = leaf(options);
  return children.length === 0 ? row : { ...row, expanded, children };
}

/** One segment of an id made of a remote name: never confused with `/`, nor with `:` and `#` of our own ids. */
export function idSegment(name: string): string {
  return /^[\w.-]*$/.test(name) ? name : encodeURIComponent(name.toWellFormed());
}

/** The rows with a suffix on every id that had already been taken, for remote lists that repeat a name. */
export function withUniqueIds(rows: readonly TreeNode[]): TreeNode[] {
  const seen = new Map<string, number>();
  return rows.map(row => {
    const count = (seen.get(row.id) ?? 0) + 1;
    seen.set(row.id, count);
    return count === 1 ? row : { ...row, id: `${row.id}#${count}` };
  });
}

/** Theme colors of VS Code for states. */
export const colors = {
  warning: 'list.warningForeground',
  error: 'list.errorForeground',
  good: 'testing.iconPassed',
  quiet: 'disabledForeground',
} as const;
