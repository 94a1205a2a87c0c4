/** Shorter runs are names more often than keys. */
const shortest = 20;
/** The characters of base62, base64, base64url and hex, in a URL also percent-encoded. */
const run = /(?<![A-Za-z0-9_+/=.~%-])[A-Za-z0-9_+/=.~%-]{20,}/g;
/** Four groups of four characters, with their separators. */
const shortestGroups = 17;
/** Without it a run is words, and no UUID, whose version is a digit. */
const hasOddKind = /\d|[A-Za-z][A-Z]/;
/** Some have hardly a letter. */
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
/** By code. */
const keyCharacters = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9_+/=.~%-]/.test(String.fromCharCode(code)) ? 1 : 0,
);
/** By code: 1 small letter, 2 digit, 3 capital. */
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  return [/[a-z]/, /\d/, /[A-Z]/].findIndex(kind => kind.test(character)) + 1;
});
const pieces = /[A-Za-z0-9]+/g;
/** As licences are written: `MUNUJ-ELG5G-1AOL7-YEZKA-C1XMG`. */
const groups =
  /(?<![A-Za-z0-9-])(?:[A-Za-z0-9]{4}(?:-[A-Za-z0-9]{4}){3,}|[A-Za-z0-9]{5}(?:-[A-Za-z0-9]{5}){2,}|[A-Za-z0-9]{6}(?:-[A-Za-z0-9]{6}){2,}|[A-Za-z0-9]{8}(?:-[A-Za-z0-9]{8})+)(?![A-Za-z0-9])/g;
/** A group of letters and digits, or groups of capitals and groups of digits. */
const isLicence = /[a-z]\d|\d[a-z]|^(?=.*\d)(?=.*[A-Z])[A-Z\d-]+$/i;
/** A path or a name may go on behind these, if there is no `+`, which only base64 has. */
const joints = /[/.]/;

/** The text with `hidden` in place of each run that looks random. Linear time. */
export function withoutRandomRuns(text: string, hidden: string): string {
  let shown = '';
  let from = 0;
  let end = 0;
  const next = () => nextRun(text, end, shortestGroups, keyCharacters);
  for (let start = next(); start >= 0; start = next()) {
    end = start + shortestGroups;
    while (end < text.length && keyCharacters[text.charCodeAt(end)] === 1) end += 1;
    const found = text.slice(start, end);
    const words = hasOddKind.test(found) ? shownRun(found, hidden) : found;
    if (words === found) continue;
    shown += text.slice(from, start) + words;
    from = end;
  }
  return from === 0 ? text : shown + text.slice(from);
}

function shownRun(found: string, hidden: string): string {
  const words = found.includes('-')
    ? found.replace(uuid, hidden).replace(groups, group => (isLicence.test(group) ? hidden : group))
    : found;
  return words.replace(run, rest => withoutRandom(rest, hidden));
}

/**
 * Whether a piece of so many letters and digits has a digit, or a capital behind its first letter: few texts do. Much
 * faster than a regular expression.
 */
export function hasUnusualPiece(text: string, shortestPiece: number): boolean {
  let end = 0;
  const next = () => nextRun(text, end, shortestPiece, kinds);
  for (let start = next(); start >= 0; start = next()) {
    if (kinds[text.charCodeAt(start)] === 2) return true;
    end = start + 1;
    while (end < text.length && kinds[text.charCodeAt(end)] === 1) end += 1;
    if (end < text.length && kinds[text.charCodeAt(end)]) return true;
  }
  return false;
}

/** Whether the text has a piece of so many letters and digits that is no word, nor a word with a number. */
export function hasOddPiece(text: string, length: number): boolean {
  if (!hasUnusualPiece(text, length)) return false;
  return text.match(pieces)?.some(piece => piece.length >= length && isMadeUp(piece)) ?? false;
}

/** Unlike `Qwen2AudioModel`, with several numbers in it or in the letter case of no word. */
function isMadeUp(piece: string): boolean {
  if (kindOf(piece) !== 'odd') return false;
  const numbers = piece.match(/\d+/g)?.length ?? 0;
  return numbers !== 1 || !hasHumps(piece.replace(/\d+/g, ''));
}

/** Whether the text has so many characters of keys in a row. */
export function hasRun(text: string, length: number): boolean {
  return nextRun(text, 0, length, keyCharacters) >= 0;
}

/**
 * Where so many characters of a kind in a row begin; -1: nowhere. No run may reach across `from`. It looks at few
 * characters, from the last that such a run would have backwards.
 */
function nextRun(text: string, from: number, length: number, characters: Uint8Array): number {
  for (let end = from + length - 1; end < text.length; ) {
    let at = end;
    while (at > end - length && characters[text.charCodeAt(at)]) at -= 1;
    if (at === end - length) return at + 1;
    end = at + length;
  }
  return -1;
}

/**
 * Neighbouring pieces of letters and digits that are no words are random when they are 20 characters or more, with all
 * that separators other than `/` and `.` join to them. So `Qwen3-Coder-480B-A35B-Instruct-FP8` stays, and keys, UUIDs
 * and hashes go. Of 1,614 model ids one is taken for a key, which is a URL with a commit. Of 20,000 random keys of 32
 * characters 2 of base62, 126 of base64url and 206 of base64 are missed in part.
 */
function withoutRandom(found: string, hidden: string): string {
  const isBase64 = found.includes('+');
  let shown = '';
  let from = 0;
  let group: Group | undefined;
  const close = () => {
    const length = group ? group.end - group.start : 0;
    if (group && length >= shortest && group.odd * 2 >= length) {
      const start = isBase64 ? 0 : Math.max(from, group.start - joined(found, group.start, -1));
      shown += `${found.slice(from, start)}${hidden}`;
      from = isBase64 ? found.length : group.end + joined(found, group.end, 1);
    }
    group = undefined;
  };
  for (const { 0: piece, index } of found.matchAll(pieces)) {
    if (index < from) continue;
    const kind = kindOf(piece);
    if (kind === 'word') close();
    else {
      group ??= { start: index, end: index, odd: 0 };
      group.end = index + piece.length;
      if (kind === 'odd') group.odd += piece.length;
    }
  }
  close();
  return from === 0 ? found : shown + found.slice(from);
}

interface Group {
  readonly start: number;
  end: number;
  /** Letters and digits in pieces that are no names. */
  odd: number;
}

/** Characters up to the next joint. */
function joined(text: string, at: number, step: 1 | -1): number {
  let length = 0;
  for (let index = step > 0 ? at : at - 1; index >= 0 && index < text.length; index += step) {
    if (joints.test(text.charAt(index))) break;
    length += 1;
  }
  return length;
}

/** `plain`: too short to tell, or a number. */
function kindOf(piece: string): 'word' | 'plain' | 'odd' {
  const digits = piece.replace(/\D+/g, '').length;
  if (digits === piece.length) return digits < shortest ? 'plain' : 'odd';
  if (digits === 0) {
    if (piece.length <= 3) return 'plain';
    return hasHumps(piece) ? 'word' : 'odd';
  }
  const [, letters = ''] = /^([A-Za-z]{4,})\d{1,4}$/.exec(piece) ?? [];
  return letters !== '' && piece.length < shortest && hasHumps(letters) ? 'word' : 'odd';
}

/** Written as words are: in one case, or with few capitals (`AutoModelForCausalLM`). */
function hasHumps(letters: string): boolean {
  const capitals = letters.replace(/[a-z]+/g, '').length;
  if (capitals === letters.length) return capitals < shortest;
  const humps = letters.match(/[a-z][A-Z]/g)?.length ?? 0;
  return capitals <= Math.max(1, letters.length * 0.34) && letters.length >= (humps + 1) * 3.5;
}
