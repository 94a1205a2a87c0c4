/** The locale if `Intl` takes it, else English: `LANG=C` is no BCP 47 tag, and `Intl` throws on it. */
export function supportedLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en';
  } catch {
    return 'en';
  }
}
