/** First characters of a gateway's key. */
export const gatewayKeyPrefix = 'hf_headroom_';

const word = 'headroom';

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
 * its prefix. No token of Hugging Face looks like that: by chance one in 100 million.
 */
export function isGatewayKey(text: string): boolean {
  const letters = percentDecoded(text)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '');
  return letters.includes(word) || misspelt.test(letters);
}

/** For texts that may hold a key beside others, such as a header or a URL. */
export function holdsGatewayKey(text: string): boolean {
  return /hf_headroom_[\w-]{16}/i.test(text.includes('%') ? percentDecoded(text) : text);
}

/** Also what was encoded several times. Unlike `decodeURIComponent`, it never throws. */
function percentDecoded(text: string): string {
  let decoded = text;
  for (let round = 0; round < 8 && decoded.includes('%'); round++) {
    decoded = decoded.replace(/(?:%[0-9a-f]{2})+/gi, encoded => {
      const bytes = encoded.split('%').slice(1);
      return new TextDecoder().decode(Uint8Array.from(bytes, hex => Number.parseInt(hex, 16)));
    });
  }
  return decoded;
}
