import fc from 'fast-check';

/** A secret. What must not be seen of it is `core`: its prefix may be. */
export interface Secret {
  readonly text: string;
  readonly core: string;
}

const of = (alphabet: string, minLength: number, maxLength = minLength) =>
  fc.array(fc.constantFrom(...alphabet), { minLength, maxLength }).map(characters => characters.join(''));
const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const letters = lower + lower.toUpperCase();
const hasBoth = (text: string) => /\d.*[a-z]|[a-z].*\d/i.test(text);
const plain = (text: fc.Arbitrary<string>): fc.Arbitrary<Secret> =>
  text.filter(hasBoth).map(core => ({ text: core, core }));
const prefixed = (prefix: string, rest: fc.Arbitrary<string>): fc.Arbitrary<Secret> =>
  rest.map(core => ({ text: prefix + core, core }));

/** Recognised wherever it stands. */
export const anyKey: fc.Arbitrary<Secret> = fc.oneof(
  plain(of('0123456789abcdef', 64)),
  plain(of('0123456789ABCDEF', 40)),
  plain(of('0123456789abcdef', 32)),
  plain(of(letters + digits, 32, 48)),
  plain(of(lower + digits, 32, 40)),
  fc.uuid().map(text => ({ text, core: text })),
  prefixed('hf_', of(letters, 34)),
  ...[
    'xai-',
    'ghp_',
    'gsk_',
    'sk-proj-',
    'AIza',
    'AKIA',
    'npm_',
    'glpat-',
    'xoxb-',
    'r8_',
    'tgp_v1_',
    'pplx-',
  ].map(prefix => prefixed(prefix, of(letters + digits, 12, 48))),
  of(letters + digits, 40).map(core => ({ text: `eyJhbGciOiJIUzI1NiJ9.eyJ${core}.${core}`, core })),
  of(letters + digits, 200).map(core => ({
    text: `-----BEGIN PRIVATE KEY-----\n${core.match(/.{1,64}/g)?.join('\n')}\n-----END PRIVATE KEY-----`,
    core: core.slice(0, 64),
  })),
);

/** Recognised by the name that it is the value of: a password of any letters, digits and signs, too. */
export const anyValue: fc.Arbitrary<Secret> = fc.oneof(
  anyKey.filter(({ text }) => !text.includes('\n')),
  of(`${letters}${digits}!#%*+,./:=?@^_~-`, 8, 16)
    // those are names of files, and assignments, whose names are shown
    .filter(text => !/\.\w+$|\w{7}=/.test(text))
    .map(core => ({ text: core, core })),
  of(lower, 9, 16).map(core => ({ text: core, core })),
);

const shortest = 8;

/** Where the secret shows, in pieces of 8 characters; undefined: nowhere. */
export function leakOf({ core }: Secret, shown: string): string | undefined {
  for (let at = 0; at + shortest <= core.length; at++) {
    const piece = core.slice(at, at + shortest);
    // a time may hold such digits, too
    if (new Set(piece).size < 4 || /^\d+$/.test(piece)) continue;
    const found = shown.indexOf(piece);
    if (found >= 0) return `${piece} of ${core} in …${shown.slice(Math.max(0, found - 60), found + 40)}…`;
  }
  return undefined;
}

/** Forms in which a text or a command line has a secret as a value. */
export const valueForms: readonly ((secret: string) => string)[] = [
  secret => `TOGETHER_API_KEY='${secret}'`,
  secret => `HF_TOKEN="${secret}"`,
  secret => `--api-key '${secret}'`,
  secret => `--token="${secret}"`,
  secret => `-H 'Authorization: Bearer ${secret}'`,
  secret => `{"password": "${secret}"}`,
  secret => `https://ada:${encodeURIComponent(secret)}@example.org/x`,
  secret => `https://${encodeURIComponent(secret)}@example.org/x`,
  secret => `https://example.org/x?X-Amz-Signature=${encodeURIComponent(secret)}&v=1`,
  secret => `https://example.org/x#${encodeURIComponent(secret)}`,
];
/** Only in a command line: nothing in these names the value. */
export const commandForms: readonly ((secret: string) => string)[] = [
  ...valueForms,
  secret => `-u 'ada:${secret}'`,
  secret => `-p '${secret}'`,
  secret => `-d '{"a":"${secret}"}'`,
  secret => `-k'${secret}'`,
  secret => `'${secret}'`,
  secret => `<<< '${secret}'`,
  secret => `<<EOF\n${secret}\nEOF`,
  secret => `; export X='${secret}'`,
  secret => `; $env:X = '${secret}'`,
  secret => `; set -gx X '${secret}'`,
  secret => `&& docker run -e X='${secret}' image`,
  secret => `-c 'login("${secret}")'`,
  secret => `# '${secret}'`,
  secret => `| sh -c "echo '${secret}'"`,
];
