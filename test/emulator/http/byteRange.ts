/** The range of a `Range` header, both ends included; undefined for the whole body. */
export function byteRange(
  header: string | undefined,
  size: number,
): { readonly from: number; readonly to: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const isSuffix = match[1] === '';
  const from = isSuffix ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const to = isSuffix || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  return from > to ? 'unsatisfiable' : { from, to };
}
