import type { Part } from '../../account/snapshot.ts';

/** Makes a value again only when one of the things that it is made of is another one than the last time. */
export function rememberLast<T>(): (madeOf: readonly unknown[], make: () => T) => T {
  let last: { readonly madeOf: readonly unknown[]; readonly value: T } | undefined;
  return (madeOf, make) => {
    if (!last || !sameThings(last.madeOf, madeOf)) last = { madeOf, value: make() };
    return last.value;
  };
}

export function sameThings(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((thing, index) => Object.is(thing, b[index]));
}

/** What parts are made of: a new snapshot may hold the same answers in new objects. */
export function contentsOf(parts: Readonly<Record<string, Part<unknown>>>): unknown[] {
  return Object.entries(parts).flatMap(([of, { value, asOf, problem }]) => [of, value, asOf, problem]);
}
