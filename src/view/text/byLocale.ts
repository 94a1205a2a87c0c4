import { supportedLocale } from '../../limits/headers/locale.ts';

/** `make` for each locale once: building an Intl formatter costs more than all the texts made with it. */
export function byLocale<T>(make: (locale: string) => T): (locale: string) => T {
  const made = new Map<string, T>();
  return locale => {
    let format = made.get(locale);
    if (format === undefined) {
      format = make(supportedLocale(locale));
      made.set(locale, format);
    }
    return format;
  };
}
