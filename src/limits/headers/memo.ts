import { longestRemembered } from '../bounds.ts';

const mostKept = 1_000;

/** `make` with its results kept by argument. Intl is slow, and a tree repeats few values often. */
export function memo<Argument, Result>(make: (argument: Argument) => Result): (argument: Argument) => Result {
  const kept = new Map<Argument, Result>();
  return argument => {
    let result = kept.get(argument);
    if (result === undefined) {
      if (kept.size >= mostKept) kept.clear();
      result = make(argument);
      kept.set(argument, result);
    }
    return result;
  };
}

/** `change`, which knows short texts again that it left unchanged: servers repeat their words. Others may be secret. */
export function rememberUnchanged(change: (text: string) => string): (text: string) => string {
  const unchanged = new Set<string>();
  return text => {
    if (unchanged.has(text)) return text;
    const changed = change(text);
    if (changed === text && text.length <= longestRemembered) {
      if (unchanged.size >= mostKept) unchanged.clear();
      // a copy: a slice would keep the whole body that it is from
      unchanged.add(` ${text}`.slice(1));
    }
    return changed;
  };
}

/** An Intl formatter for each locale, made once: building one costs more than all its texts. */
export function byLocale<Formatter>(make: (locale: string) => Formatter): (locale: string) => Formatter {
  return memo(locale => make(supportedLocale(locale)));
}

/** The locale if `Intl` takes it, else English: `LANG=C` is no BCP 47 tag, and `Intl` throws on it. */
function supportedLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en';
  } catch {
    return 'en';
  }
}

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
