import type { EndpointName } from '../../limits/account/endpointChange.ts';
import type { QuotaSubject } from '../../limits/refusals/quotaSubject.ts';
import type { Refusal } from '../../limits/refusals/refusal.ts';
import type { Action } from '../action.ts';
import { type RowAbility, type RowKind, rowAbilities } from '../contributions.ts';
import { colors, type Icon } from '../text/colors.ts';
import { joined } from '../text/counts.ts';
import { escapeMarkdown } from '../text/escapeMarkdown.ts';

/** A side bar of 300 px shows 30 characters, and VS Code's ellipsis: a number ends within them. */
const numberWithin = 29;
/** A name of at most this length stands first, whatever its number. */
export const shortName = 12;

/** One row of the tree as data, without VS Code. */
export interface TreeNode {
  /** Stable over time and unique in the tree. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly icon?: Icon;
  /** Dimmed. */
  readonly isStale: boolean;
  /** A `RowKind`, then what `can` says, then `.page` when the row has a `url`. */
  readonly contextValue: string;
  /** The row in words, then what only its icon shows. */
  readonly accessibilityLabel: string;
  /** Undefined for a leaf. */
  readonly expanded?: boolean;
  readonly children: readonly TreeNode[];
  /** Makes Markdown when VS Code resolves the row: the whole row, then what explains it. */
  readonly tooltip: () => string;
  /** For the clipboard. */
  readonly copyValue: string;
  /** The row's page at Hugging Face. */
  readonly url?: string;
  /** Runs on Enter and click. */
  readonly action?: Action;
  /** The row's refusals, newest first. */
  readonly refusals?: readonly Refusal[];
  /** The row's endpoint, for its commands. */
  readonly endpoint?: EndpointName;
  /** The row's limit, of which a person can ask for more. */
  readonly quota?: QuotaSubject;
}

export interface RowOptions
  extends Omit<
    TreeNode,
    'contextValue' | 'accessibilityLabel' | 'isStale' | 'expanded' | 'children' | 'copyValue'
  > {
  readonly kind: RowKind;
  /** On screen in place of `label`: `tokens/min`. */
  readonly short?: string;
  /** For `when` clauses. */
  readonly can?: readonly RowAbility[];
  /** Before a label from outside, which may be long: `$0.80/h`. */
  readonly number?: { readonly shown: string; readonly spoken: string };
  /** Spoken in place of a description that is not words. */
  readonly spoken?: string;
  /** `3 h ago`: the row is stale. */
  readonly age?: string;
  readonly copyValue?: string;
}

/** A row without children. */
export function leaf(options: RowOptions): TreeNode {
  const { kind, short, can = [], number, spoken, age, copyValue, ...row } = options;
  const { label, url, tooltip } = row;
  const description = joined([row.description, age]) || undefined;
  const words = joined([number?.spoken, label, joined([spoken ?? row.description, age])]);
  return {
    ...row,
    ...(number
      ? { label: `${number.shown}  ${label}`, description }
      : wholeNumber(short ?? label, description)),
    icon: age ? { id: 'history', color: colors.stale } : row.icon,
    isStale: Boolean(age),
    contextValue: [
      kind,
      ...can,
      ...(row.quota ? [rowAbilities.ask] : []),
      ...(url === undefined ? [] : ['page']),
    ].join('.'),
    accessibilityLabel: words.replaceAll(' · ', ', '),
    tooltip: () => {
      const name = escapeMarkdown([number?.shown, label].filter(Boolean).join(' '));
      const whole = [name && `**${name}**`, escapeMarkdown(description ?? '')].filter(Boolean).join(' ');
      return [whole, tooltip()].filter(Boolean).join('\n\n');
    },
    children: [],
    copyValue: copyValue ?? (description ? `${label}: ${description}` : label),
  };
}

/** Up to `$2.00`, `2,00 $`, `×2` or a dash, but not to the digit of a name such as `us-east-1`. */
const lastNumber = /^.*(?<=^|\s)[^\p{L}\s]*[\p{Nd}–]\S*(?:\s\p{Sc})?/u;

/** A fact whose number would end beyond a narrow side bar stands before the name: VS Code cuts what is last. */
function wholeNumber(label: string, description?: string): Pick<TreeNode, 'label' | 'description'> {
  const [fact = '', ...others] = description?.split(' · ') ?? [];
  const [upToNumber] = lastNumber.exec(fact) ?? [];
  const fits = upToNumber === undefined || label.length + upToNumber.length <= numberWithin;
  if (fits || label.length <= shortName) return { label, description };
  return { label: `${fact}  ${label}`, description: joined(others) || undefined };
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
