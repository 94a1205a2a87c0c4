import { needlePattern } from '../limits/refusals/refusalRule.ts';
import { refusalRules } from '../limits/refusals/refusalRules.ts';
import { errorForms, type PrintedError, readForm } from './errorForms.ts';
import { logMessage } from './jsonLog.ts';
import { bodyIn } from './printedBody.ts';

const wordNeedles = refusalRules.flatMap(rule => rule.needles ?? []);
const words = needlePattern(wordNeedles, 'i');
/** How sentences begin whose needle may be on the next line, in a narrow terminal or in a box of `rich`. */
const begun = [
  'you have (?:depleted|exceeded|reached) (?:your|our|the) ',
  'we had to rate limit',
  'static spaces are free',
  'private repository storage',
  '╭─[^\\n]{0,90}\\b(?:error|traceback)',
];
const anything = needlePattern([...wordNeedles, ...begun, ...errorForms.flatMap(form => form.needles)], 'ig');

/** Where a text, from an index on, has the first needle of a form or of the classifier; -1: nowhere. */
export function findNeedle(text: string, from: number): number {
  anything.lastIndex = from;
  return anything.exec(text)?.index ?? -1;
}

/** A server's words without a status, in an error of a language or at the start of a line. */
const spoken =
  /^(?:(?:uncaught )?(?:[\w$.]{0,80}(?:Error|Exception|Exceeded|Warning)\b|error|failed|remote|fatal)[^:]{0,60}: |[✖✗❌] {0,2})(.{8,})/i;
/** How the sentences of Hugging Face's refusals begin. Behind other words only a sentence of these counts. */
const opening =
  /(?:^|[:>)\]|}–—-] ?|[:=] ?["'“]|^["'“]|[✖✗❌⚠] {0,2})(?=((?:We had to rate limit you|You have (?:exceeded|depleted|reached|hit|used up) (?:your|the|our) |You['’]ve (?:hit|reached|exceeded) (?:the|your) |Private (?:repository )?storage (?:limit|quota)|Your storage patterns|Static Spaces are free|Hosting .{0,60} requires an? |Pay-as-you-?\s?go is not enabled|Pre-?paid credit balance|(?:The )?Requested GPU duration|ZeroGPU |Unlogged user|Please log in or use a HF access token|Space app has reached|Too many requests to\b|Rate limit (?:reached|exceeded) (?:for|on)|(?:This|The) (?:feature|model|space|hardware|action)\b.{0,60}\b(?:requires|is (?:only )?available)|(?:Model|Jobs?|Spaces?|Resource groups?) .{0,60}\b(?:requires?|only available|limit|maximum)|Private (?:datasets|models|Spaces) |You need (?:a|to) |Upgrade to |Subscribe to |[TR]P[MDHS] limit|(?:Tokens|Requests) per (?:minute|hour|day) limit).*))/gi;
/** A line of JSON that was laid out, or of an object that Node prints. */
const field = /^\s+(?:"(?:error|message|detail)"|message|error|detail): (["'`])(.+)\1,?$/;
/** Text that is shown, not said: a change, a list, a comment, an expectation, a result of a test, code. */
const isShown =
  /^\s{0,12}(?:[-+*#>] ?[^\s}{"'[-]|[-+] {0,8}["'`]|[-*] `|\/\/|\/\*|"""|`|\d{1,5}[:|] |(?:expected|received|actual|assert(?:ion)?(?:error)?|diff|ok \d|not ok \d|e {2,})\b.{0,20}?(?::|\bassert\b|==|!=|["'`])|(?:✓|✔|√|✕|×|●|PASS(?:ED)?|FAIL(?:ED)?) )|\b(?:expect|assert\w*|toBe|toEqual|toMatch|toThrow|raises|match)\(|\bassert .{0,200}(?:==| in )|\bPASSED\b|@@ -\d/i;

/**
 * The facts that a line has of a refused request; undefined: none.
 * @param within the text of a refusal has begun
 */
export function readErrorLine(line: string, within: boolean): PrintedError | undefined {
  if (isShown.test(line)) return undefined;
  const log = logMessage(line);
  if (log) {
    const error = readPlain(log.message, within);
    return error ?? (words.test(log.message) ? { body: bodyIn(log.message), isLoose: true } : undefined);
  }
  return readPlain(line, within);
}

function readPlain(line: string, within: boolean): PrintedError | undefined {
  for (const [index, form] of errorForms.entries()) {
    const error = readForm(form, line);
    if (error) return { ...error, form: index };
  }
  if (!words.test(line)) return undefined;
  if (/^\s*[{[]["'{}\s]/.test(line)) return { body: line.trim() };
  const said = field.exec(line)?.[2] ?? spoken.exec(line)?.[1];
  if (said !== undefined) return { body: bodyIn(said) };
  opening.lastIndex = 0;
  const sentence = opening.exec(line)?.[1];
  if (sentence !== undefined)
    return { body: bodyIn(withoutMarkup(sentence)), isLoose: !line.startsWith(sentence) };
  // an indented line of a traceback is code
  return within && !/^\s/.test(line) ? { body: bodyIn(withoutMarkup(line.trim())) } : undefined;
}

/** Up to the end of the element or the quote in which the words are. */
function withoutMarkup(text: string): string {
  return text.replace(/<\/?[a-z][^>]{0,200}>.*$/i, '').replace(/(?<=[.\w])["'”][\])},]*$/, '');
}
