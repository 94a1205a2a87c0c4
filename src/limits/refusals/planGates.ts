import type { RefusalRule } from './refusalRule.ts';

/** Plans of Hugging Face, as its sentences name them. */
const plan = '(?:pro|team|enterprise(?: hub| plus)?|paid)';

/**
 * What a plan does not include, whatever is left of its limits: `hosting Gradio and Docker Spaces on free cpu-basic
 * requires a PRO subscription`, `Model requires a Pro subscription`.
 */
export const planRules: readonly RefusalRule[] = [
  {
    name: 'plan',
    needles: [
      `requires? (?:an? |the |your )?(?:\\w+ to (?:have|be on) an? )?${plan}(?:\\b.{0,40})? ?(?:subscription|plan|account|organi[sz]ation)`,
      `requires? (?:an? )?(?:paid|active) (?:plan|subscription)`,
      `(?:only )?(?:available|accessible|included|supported|allowed) (?:only )?(?:for|to|with|in|on|via|by) .{0,24}\\b${plan}\\b`,
      `(?:upgrade|subscribe)\\b.{0,24} to .{0,24}\\b${plan}\\b.{0,40} to (?:use|access|create|enable|unlock|host|have|add|get more)`,
      `(?:not|isn['’]t) (?:included|available) (?:in|on|with|for) your (?:current )?(?:plan|subscription)`,
      "your (?:current )?plan does(?: not|n['’]t) (?:include|allow|support)",
      'resource (?:group (?:limit|quota)|groups\\b.{0,40}\\b(?:limit|maximum|quota))',
      '(?:limit|maximum|max)\\b.{0,30}\\bresource groups',
      `need to be (?:an? )?${plan} (?:user|member|subscriber)`,
      `without an? ${plan} (?:subscription|plan|account)`,
      'feature access\\b.{0,60}\\b(?:restricted|denied|disabled|not allowed)',
      'restricted (?:to|by) .{0,40}\\b(?:resource groups?|organi[sz]ation)',
    ],
    openings: [
      'static spaces are free',
      'hosting .{0,60} requires an?\\b',
      '(?:this|the|your) (?:feature|model|space|hardware|action|plan)\\b[^.:;]{0,60}\\b(?:requires|is (?:only )?available|is restricted|does)',
      '(?:model|jobs?|spaces?|access to|feature access|resource groups?|private (?:datasets|models|spaces))\\b[^.:;]{0,60}\\b(?:requires?|(?:only )?available|restricted|limit|maximum)',
      'you have reached the (?:maximum|limit)',
      'you need (?:a|to)\\b',
      `(?:upgrade|subscribe)\\b.{0,24} to\\b`,
    ],
    statuses: [200, 400, 402, 403],
    recognise: ({ text, answeredBy }) => {
      // whether a token may bill an organization is no limit
      if (/to be billed|\bspend(?:ing)?[ -]limit|resource group\b.{0,40}\bmember/i.test(text))
        return undefined;
      const isHubs =
        answeredBy === 'huggingface' ||
        /\bPRO\b|hugging ?face|\bfeature access\b|\bhf\.co\b|Team or Enterprise|resource group/i.test(text);
      const [scope] =
        /resource groups?|(?:Gradio and Docker )?Spaces|Jobs?\b|private datasets?/i.exec(text) ?? [];
      return { cause: 'plan', by: isHubs ? 'huggingface' : undefined, scope };
    },
  },
];
