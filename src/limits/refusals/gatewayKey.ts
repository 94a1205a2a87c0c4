/** First characters of a gateway's key. */
export const gatewayKeyPrefix = 'hf_headroom_';

const word = 'headroom';

/** In the middle of a gateway's key. */
export const gatewayKeyMark = word;

/** The word near `hf`, with one letter wrong, missing or too many, or two swapped. */
const misspelt = new RegExp(
  `hf.{0,3}(?:${[...word]
    .flatMap((letter, at) => [
      `${word.slice(0, at)}.{0,2}${word.slice(at + 1)}`,
      `${word.slice(0, at)}${word.charAt(at + 1)}${letter}${word.slice(at + 2)}`,
    ])
    .join('|')})`,
);

/**
 * A gateway's key, or what became of one: other case, an encoding, accents, quotes, text around it, a typing error in
 * its prefix, or its prefix missing. No token of Hugging Face looks like that: by chance one in 100 million.
 */
export function isGatewayKey(text: string): boolean {
  const letters = keyLetters(text);
  return letters.includes(word) || misspelt.test(letters);
}

/** Small letters and digits: all that is left of a key in every disguise. */
export function keyLetters(text: string): string {
  return percentDecoded(text)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '');
}

/** For texts that may hold a key beside others, such as a header. */
export function holdsGatewayKey(text: string): boolean {
  return text.length >= gatewayKeyPrefix.length + 16 && /hf_headroom_[\w-]{16}/i.test(text);
}

const escapes = /%(?:25)*([0-9a-f]{2})/gi;

/** ASCII only; also what was encoded several times. Unlike `decodeURIComponent`, it never throws. */
export function percentDecoded(text: string): string {
  let decoded = text;
  // one round, unless the digits of an escape were encoded, too
  for (let rounds = 0; rounds < 4 && decoded.includes('%'); rounds++) {
    decoded = decoded.replace(escapes, (_, hex: string) => {
      const code = Number.parseInt(hex, 16);
      return code < 0x80 ? String.fromCharCode(code) : '';
    });
  }
  return decoded;
}
