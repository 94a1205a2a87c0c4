import type { Answer } from './answer.ts';
import { hubRules } from './hubRefusals.ts';
import { providerRules } from './providerRefusals.ts';
import type { RefusalRule, Verdict } from './refusalRule.ts';

/** What holds when nobody's known words do: the status alone, and the server's own words for people. */
const fallbackRules: readonly RefusalRule[] = [
  { name: 'capacity', statuses: [429, 503, 529], recognise: capacity },
  { name: 'payment', statuses: [402], recognise: payment },
  { name: 'rate', statuses: [429], recognise: rate },
  {
    name: 'unknown',
    statuses: [402, 429],
    recognise: answer => ({ cause: 'unknown', resetsAt: answer.retryAt }),
  },
];

/** In order: the first that recognises an answer decides. */
export const refusalRules: readonly RefusalRule[] = [...hubRules, ...providerRules, ...fallbackRules];

/** A 503 of a provider means its platform is full; HF's own and an endpoint's may be anything. */
function capacity(answer: Answer): Verdict | undefined {
  const worded =
    /overloaded|at capacity|over capacity|no capacity|queue (?:is )?full|high (?:demand|load)/i.test(
      answer.text,
    );
  const provider = answer.answeredBy !== undefined && answer.answeredBy !== 'huggingface';
  if (!worded && !(provider && answer.status !== 429)) return undefined;
  return { cause: 'capacity', resetsAt: answer.retryAt };
}

function payment(answer: Answer): Verdict | undefined {
  const worded = /insufficient|out of credits?|add (?:more )?credits?|payment required|monthly credits/i;
  return worded.test(answer.text) ? { cause: 'credits' } : undefined;
}

/** `Too Many Requests` is the name of the status and tells nothing. */
function rate(answer: Answer): Verdict | undefined {
  if (!/rate[ -_]?limit|throttled/i.test(`${answer.text} ${answer.type ?? ''} ${answer.code ?? ''}`)) {
    return undefined;
  }
  return { cause: 'rate', resetsAt: answer.retryAt };
}
