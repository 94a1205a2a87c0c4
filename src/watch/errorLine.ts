import { needlePattern } from '../limits/refusals/refusalRule.ts';
import { refusalRules } from '../limits/refusals/refusalRules.ts';
import { errorForms, type PrintedError, readForm } from './errorForms.ts';
import { bodyIn } from './printedBody.ts';

const wordNeedles = refusalRules.flatMap(rule => rule.needles ?? []);
const words = needlePattern(wordNeedles, 'i');
const anything = needlePattern([...wordNeedles, ...errorForms.flatMap(form => form.needles)], 'ig');

/** Where a text, from an index on, has the first needle of a form or of the classifier; -1: nowhere. */
export function findNeedle(text: string, from: number): number {
  anything.lastIndex = from;
  return anything.exec(text)?.index ?? -1;
}

/** A server's words without a status, in an error of a language or at the start of a line. */
const spoken =
  /^(?:(?:uncaught )?(?:[\w$.]{0,80}(?:Error|Exception|Exceeded|Warning)\b|error|failed|remote|fatal)[^:]{0,60}: |[✖✗❌] {0,2})(.{8,})/i;
const hubSays =
  /^(?:We had to rate limit you|You have (?:exceeded|depleted|reached) (?:your|the) |You['’]ve hit the rate limit for)/;
/** A line of JSON that was laid out, or of an object that Node prints. */
const field = /^\s+(?:"(?:error|message|detail)"|message|error|detail): (["'`])(.+)\1,?$/;

/**
 * The facts that a line has of a refused request; undefined: none.
 * @param within the text of a refusal has begun
 */
export function readErrorLine(line: string, within: boolean): PrintedError | undefined {
  for (const form of errorForms) {
    const error = readForm(form, line);
    if (error) return error;
  }
  if (!words.test(line)) return undefined;
  if (/^\s*[{[]/.test(line)) return { body: line.trim() };
  const said = field.exec(line)?.[2] ?? spoken.exec(line)?.[1];
  if (said !== undefined) return { body: bodyIn(said) };
  // an indented line of a traceback is code
  const isSpoken = hubSays.test(line) || (within && !/^\s/.test(line));
  return isSpoken ? { body: bodyIn(line.trim()) } : undefined;
}
