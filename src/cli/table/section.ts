export interface Column {
  readonly align?: 'right';
  /** Is shortened when the row is too wide. */
  readonly shrinks?: true;
}

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
