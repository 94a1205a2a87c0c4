const mostRemembered = 1_000;

/** A formatter that gives the same text for the same number without asking Intl again: a tree shows few numbers often. */
export function remembering(format: (value: number) => string): (value: number) => string {
  const texts = new Map<number, string>();
  return value => {
    let text = texts.get(value);
    if (text === undefined) {
      if (texts.size >= mostRemembered) texts.clear();
      text = format(value);
      texts.set(value, text);
    }
    return text;
  };
}
