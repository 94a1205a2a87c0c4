import type { Random } from './random.ts';

/** Difficult pieces for parsers and patterns. */
const awkward = [
  ...[
    '\r',
    '\n',
    '\r\n',
    '\t',
    '\0',
    '\x1b[31m',
    '\x1b[',
    '\x1b]633;C\x07',
    '\x1b]',
    '│ ',
    '\x7f',
    '\u2028',
    '\u00a0',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '`',
    '\\',
    '\\u',
    '{"error":',
    '{"error":{"message":"',
    "{'error': '",
    'null',
  ],
  ...[
    '\ud800',
    '\udc00',
    'İ',
    'K',
    '余额不足',
    '😀',
    '�',
    '<',
    '>',
    '<script',
    '&amp;',
    'data: ',
    'event: error\n',
  ],
  ...[
    '429 ',
    '402',
    '-1',
    '0',
    '1e309',
    '99999999999999999999',
    'NaN',
    ' 9,999,999',
    '0:00:00',
    '2m59.56s',
    'in 1h1m',
  ],
  ...[
    'https://huggingface.co/api/whoami-v2',
    'http://[::1',
    'https://user:pw@hf.co/',
    'hf_abcdefghijklmnop',
    'eyJ-',
  ],
  ...[
    'litellm.a',
    'Error code: 429 - {',
    "{'message': '\\",
    'RateLimitError: 4',
    "message='",
    'Rate limit "message": "',
  ],
  ...[
    'rate limit',
    'Too Many Requests',
    ' for url: https://',
    'Retry after ',
    ' requests remaining in current ',
  ],
];
/** Bound of growing texts: chunks of terminals are smaller, and bodies are not read further. */
const longest = 65_536;

/** The text with a part cut, replaced, reversed, doubled or broken; `others`: texts of the same kind. */
export function mutated(text: string, random: Random, others: readonly string[]): string {
  let result = text;
  for (let left = 1 + random.below(5); left > 0; left--) result = changed(result, random, others);
  return result;
}

/** Any characters, or any decoded bytes. */
export function noise(random: Random, length: number): string {
  const [from, to] = random.of([
    [0x20, 0x7f],
    [0, 0x100],
    [0, 0x800],
    [0, 0x10000],
  ] as const);
  let text = '';
  for (let index = 0; index < length; index++) text += String.fromCharCode(from + random.below(to - from));
  return text;
}

function changed(text: string, random: Random, others: readonly string[]): string {
  const from = random.below(text.length + 1);
  const to = Math.min(text.length, from + random.below(random.of([2, 8, 60, 500])));
  const [before, piece, after] = [text.slice(0, from), text.slice(from, to), text.slice(to)];
  switch (random.below(9)) {
    case 0:
      return before + after;
    case 1:
      return before + random.of(awkward) + piece + after;
    case 2:
      return before + noise(random, random.below(12)) + after;
    case 3:
      return before + turned(piece, random) + after;
    case 4:
      return before + piece + piece + after;
    case 5:
      return before + spliced(random.of(others), random) + after;
    case 6:
      return before + piece.replace(/\d/g, () => String(random.below(10))) + after;
    case 7:
      return before + random.of(awkward) + random.of(awkward) + after;
    default:
      return before + repeated(piece === '' ? random.of(awkward) : piece, random) + after;
  }
}

/** One character, changed by one bit. */
function turned(text: string, random: Random): string {
  if (text === '') return text;
  const at = random.below(text.length);
  const code = text.charCodeAt(at) ^ (1 << random.below(random.once(8) ? 16 : 7));
  return text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
}

function spliced(text: string, random: Random): string {
  const from = random.below(text.length + 1);
  return text.slice(from, from + random.below(200));
}

/** Rarely very often: that reveals patterns that backtrack. */
function repeated(piece: string, random: Random): string {
  const length = random.once(100) ? longest : random.of([20, 200, 2_000]);
  return piece.repeat(Math.max(1, Math.floor(length / piece.length)));
}
