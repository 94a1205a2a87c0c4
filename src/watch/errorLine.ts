import { needlePattern } from '../limits/refusals/refusalRule.ts';
import { refusalRules } from '../limits/refusals/refusalRules.ts';
import { errorForms, type PrintedError, readForm } from './errorForms.ts';
import { logMessage } from './jsonLog.ts';
import { bodyIn } from './printedBody.ts';

const wordNeedles = refusalRules.flatMap(rule => rule.needles ?? []);
const words = needlePattern(wordNeedles, 'i');
const anything = needlePattern([...wordNeedles, ...errorForms.flatMap(form => form.needles)], 'ig');
/** Most lines have no needle of a form, and its pattern may look at each address in a line. */
const forms = errorForms.map(form => ({ form, needle: needlePattern(form.needles, 'i') }));
/** Python's `rich` colours numbers. A pattern of its own: within the other it makes texts without colours slower. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a control sequence follows
const colouredStatus = /m4(?:02|03|13|29)\x1b/;

/** Where a text, from an index on, has the first needle of a form or of the classifier; -1: nowhere. */
export function findNeedle(text: string, from: number): number {
  anything.lastIndex = from;
  const word = anything.exec(text)?.index ?? -1;
  if (!text.includes('\x1b')) return word;
  const status = text.slice(from, word < 0 ? undefined : word).search(colouredStatus);
  return status < 0 ? word : from + status;
}

/** A server's words without a status, in an error of a language or at the start of a line. */
const spoken =
  /^(?:(?:uncaught )?(?:[\w$.]{0,80}(?:Error|Exception|Exceeded|Warning)\b|error|failed|remote|fatal)[^:]{0,60}: |[✖✗❌] {0,2})(.{8,})/i;
/** Where a sentence of a rule begins, in other words or at the start of a line. */
const opening = new RegExp(
  `(?:^|[:>()[\\]{}|–—-] ?|[:=] ?\\\\?["'“]|^["'“]|[✖✗❌⚠] {0,2}|(?<blank>\\s))(?=((?:${[
    ...refusalRules.flatMap(rule => rule.openings ?? []),
    ...wordNeedles,
  ].join('|')}).*))`,
  'gi',
);
/** A line of JSON that was laid out, or of an object that Node prints. */
const field = /^\s+(?:"(?:error|message|detail)"|message|error|detail): (["'`])(.+)\1,?$/;
/** Text that is shown, not said: a change, a list, a comment, an expectation, a result of a test, code. */
const shownForms = [
  // diffs, lists, comments
  '[-+*#>] ?[^\\s}{"\'[>-]',
  '[-+] {0,8}["\'`]',
  '[-*] `',
  '//|/\\*|"""|`',
  'diff --git |@@ -\\d',
  // code with line numbers: of grep, IPython, `rich`
  '(?!4\\d\\d[:|])\\d{1,5}(?:[:|] |:[a-z"\'/])',
  '[\\w./\\\\-]{1,200}\\.\\w{1,5}:\\d{1,6}:(?! \\S)',
  '(?:❱ {0,2})?\\d{1,6} {1,4}│',
  '(?:-{2,}>|❱)? ?\\d{1,6} {1,40}(?:(?:raise|return|assert|throw)\\b|[\\w.]{1,60}(?: = |\\())',
  // tests
  '(?:expected|received|actual)(?: (?:string|substring|pattern|value|message|object|error message))? {0,4}[:=] {0,4}["\'`/[{]',
  'assert(?:ion)?(?:error)?\\b.{0,20}?(?::|\\bassert\\b|==|!=|["\'`])',
  '(?:not )?ok \\d',
  'e {2,}\\S',
  '[✓✔√✕×●] ',
  '(?:pass|fail)(?:ed)? +[\\w./\\\\-]{1,200}\\.(?:[cm]?[jt]sx?|py|go|rs|rb|java|kt|php|cs)\\b',
].join('|');
const isShown = new RegExp(
  `^\\s{0,12}(?:${shownForms})|\\b(?:expect|assert\\w*|toBe|toEqual|toMatch|toThrow|raises|match)\\(|\\bassert .{0,200}(?:==| in )|\\bPASSED\\b|["']content["']: ?["']`,
  'i',
);

/** The lines of one block. It is read in several ways, with mostly the same lines. */
export class ErrorLines {
  readonly #first = new Map<string, PrintedError | undefined>();
  readonly #later = new Map<string, PrintedError | undefined>();

  /**
   * The facts that a line has of a refused request; undefined: none.
   * @param within the text of a refusal has begun
   */
  read(line: string, within: boolean): PrintedError | undefined {
    const known = within ? this.#later : this.#first;
    if (!known.has(line)) known.set(line, readErrorLine(line, within));
    return known.get(line);
  }
}

function readErrorLine(line: string, within: boolean): PrintedError | undefined {
  if (isShown.test(line)) return undefined;
  const log = logMessage(line);
  if (log) {
    const error = readPlain(log.message, within);
    return error ?? (words.test(log.message) ? { body: bodyIn(log.message), isLoose: true } : undefined);
  }
  return readPlain(line, within);
}

function readPlain(line: string, within: boolean): PrintedError | undefined {
  for (const [index, { form, needle }] of forms.entries()) {
    const error = needle.test(line) ? readForm(form, line) : undefined;
    if (error) return { ...error, form: index };
  }
  if (!words.test(line)) return undefined;
  if (/^\s*[{[]["'{}\s]/.test(line)) return { body: line.trim() };
  const said = field.exec(line)?.[2] ?? spoken.exec(line)?.[1];
  if (said !== undefined && words.test(said)) return { body: bodyIn(said) };
  const sentence = sentenceIn(line);
  if (sentence !== undefined)
    return { body: bodyIn(withoutMarkup(sentence)), isLoose: !line.startsWith(sentence) };
  // an indented line of a traceback is code
  return within && !/^\s/.test(line) ? { body: bodyIn(withoutMarkup(line.trim())) } : undefined;
}

/** The first sentence of a rule, to the end of the line. Behind a blank only one that speaks to its reader is the server's. */
function sentenceIn(line: string): string | undefined {
  for (const { 2: sentence = '', groups, index } of line.matchAll(opening)) {
    if (groups?.blank !== undefined ? /^(?:We|You)/.test(sentence) : index > 0 || !/^\p{Ll}/u.test(sentence))
      return sentence;
  }
  return undefined;
}

/** Up to the end of the element or the quote in which the words are. */
function withoutMarkup(text: string): string {
  return text.replace(/<\/?[a-z][^>]{0,200}>.*$/i, '').replace(/(?<=[.\w])\\?["'”][\\"'\])},]*$/, '');
}
