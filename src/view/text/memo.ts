/** The last result again while each part of `key` is identical to the last one. */
export function memoLast<Result>(): (key: readonly unknown[], make: () => Result) => Result {
  let last: { readonly key: readonly unknown[]; readonly result: Result } | undefined;
  return (key, make) => {
    const same =
      last?.key.length === key.length && key.every((part, index) => Object.is(part, last?.key[index]));
    if (!last || !same) last = { key, result: make() };
    return last.result;
  };
}
