interface SelectedRange {
  readonly status: 200 | 206 | 416;
  /** First byte, and the one after the last. */
  readonly start: number;
  readonly end: number;
  readonly headers: { readonly 'content-range'?: string };
}

/** The part of a body of `size` bytes that a `Range` header selects; the whole body without a usable header. */
export function selectRange(header: string | undefined, size: number): SelectedRange {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === ''))
    return { status: 200, start: 0, end: size, headers: {} };
  const isSuffix = match[1] === '';
  const start = isSuffix ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = isSuffix || match[2] === '' ? size : Math.min(Number(match[2]) + 1, size);
  if (start >= end) return { status: 416, start: 0, end: 0, headers: { 'content-range': `bytes */${size}` } };
  return { status: 206, start, end, headers: { 'content-range': `bytes ${start}-${end - 1}/${size}` } };
}
