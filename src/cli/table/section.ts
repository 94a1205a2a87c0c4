/** The alignment; `shrinks`: left, and shortened when the row is too wide. */
export type Column = 'left' | 'right' | 'shrinks';

export interface Row {
  readonly cells: readonly string[];
  /** Highlights the row. */
  readonly mark?: 'warning' | 'error';
}

export interface Section {
  readonly heading: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}
