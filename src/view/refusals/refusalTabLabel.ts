/** What the label of a document's tab tells, also of a rendered one. */
export interface RefusalTab {
  readonly status: number;
  /** Epoch ms of its second. */
  readonly at: number;
}

/** Undefined: the tab of another document. */
export function parseTabLabel(label: string): RefusalTab | undefined {
  const [, status, day, time = ''] =
    /(\d{3}) at (\d{4}-\d\d-\d\d) (\d\d\.\d\d\.\d\d) UTC\.md\W?$/.exec(label) ?? [];
  const at = Date.parse(`${day}T${time.replaceAll('.', ':')}Z`);
  return status === undefined || Number.isNaN(at) ? undefined : { status: Number(status), at };
}
