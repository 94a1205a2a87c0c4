import type { Complaint } from './complaint.ts';
import { chat, json } from './refusalCase.ts';

const depleted =
  'You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers.';
const included = {
  status: 402,
  cause: 'credits',
  by: 'huggingface',
  scope: 'monthly included credits',
} as const;
const printed402 = (text: string) =>
  `huggingface_hub.errors.HfHubHTTPError: 402 Client Error: Payment Required for url: ${chat} (Request ID: Root=1-68)\n\n${text}`;

/** Complaints about money, with the texts that users quoted. */
export const moneyComplaints: readonly Complaint[] = [
  {
    about: 'a 402 in the first lesson of a course',
    source: 'agents-course#386',
    seen: {
      status: 402,
      url: '',
      bodyText: printed402(
        'You have exceeded your monthly included credits for Inference Providers. Subscribe to PRO to get 20x more monthly included credits.',
      ),
    },
    cause: included,
    remedies: ['open', 'switch-billing', 'open'],
    sentence: /^The included credits of \w+ are used up\./,
  },
  {
    about: 'PRO with credits left, refused for its balance: the empty account is at the provider',
    source: 'hub-docs#2392',
    seen: {
      status: 403,
      url: 'https://router.huggingface.co/novita/v3/openai/chat/completions',
      bodyText: JSON.stringify({
        code: 403,
        reason: 'NOT_ENOUGH_BALANCE',
        message: 'not enough balance',
        metadata: {},
      }),
    },
    cause: { status: 403, cause: 'credits', by: 'novita', scope: 'provider balance' },
    remedies: ['choose-provider', 'use-provider-key'],
    sentence: /^novita has no credits left for the account there; those at Hugging Face do not count\.$/,
  },
  {
    about: 'pay-as-you-go not enabled for a paying user: credits don’t help',
    source: 'fal#1043',
    seen: {
      status: 402,
      url: '',
      bodyText: printed402('Pay-as-you go is not enabled for provider fal-ai yet.'),
    },
    cause: { status: 402, cause: 'quota', by: 'fal-ai', scope: 'pay-as-you-go' },
    remedies: ['choose-provider', 'use-provider-key'],
    sentence: /^fal-ai can’t be billed through Hugging Face yet, so credits do not help\.$/,
  },
  {
    about: 'the monthly limit for groq on PRO: a limit of the credits, not Groq’s',
    source: 'forum 171827',
    seen: {
      status: 402,
      url: '',
      bodyText:
        'huggingface_hub.errors.HfHubHTTPError: 402 Client Error: Payment Required for url: https://router.huggingface.co/groq/openai/v1/chat/completions (Request ID: Root=)\n\nYou have reached the free monthly usage limit for groq. Add pre-paid credits to your account to continue using groq.',
    },
    cause: { status: 402, cause: 'credits', by: 'huggingface', scope: 'groq' },
    remedies: ['open', 'switch-billing'],
    sentence: /^The included credits of \w+ are used up\./,
  },
  {
    about: 'used-up credits on PRO',
    source: 'forum 174970',
    seen: { status: 402, url: chat, bodyText: json(`Failed to perform inference: ${depleted}`) },
    cause: included,
    remedies: ['open', 'switch-billing'],
    sentence: /^The included credits of \w+ are used up\. Requests go on when you buy credits\.$/,
  },
  {
    about: 'credits used up after the end of a month: no reset is invented',
    source: 'forum 175952',
    seen: {
      status: 402,
      url: chat,
      headers: { date: 'Wed, 01 Oct 2026 00:00:10 GMT' },
      bodyText: json(depleted),
    },
    cause: included,
    remedies: ['open', 'switch-billing'],
    sentence: /credits of \w+ are used up/,
  },
  {
    about: 'a month’s usage exceeded with few requests, by several agents at once',
    source: 'forum 171479',
    seen: {
      status: 402,
      url: '',
      bodyText: printed402(
        'You have reached the free monthly usage limit for novita. Subscribe to PRO to get 20x more included usage, or add pre-paid credits to your account.',
      ),
    },
    cause: { status: 402, cause: 'credits', by: 'huggingface', scope: 'novita' },
    remedies: ['open', 'switch-billing', 'open'],
    sentence: /^The included credits of \w+/,
  },
  {
    about: 'an organization’s own spending limit',
    source: 'forum 66751',
    seen: {
      status: 403,
      url: chat,
      billedTo: 'acme',
      bodyText: json('Authorization error: the spending limit of the resource group research is reached'),
    },
    cause: { status: 403, cause: 'spending-limit', by: 'huggingface', billedTo: 'acme' },
    remedies: ['switch-billing'],
    sentence: /Only they can raise it\.$/,
  },
  {
    about: 'no way to bill an organization: a 402 of the personal account',
    source: 'huggingface-vscode-chat#14',
    seen: { status: 402, url: chat, source: 'host', bodyText: json(depleted) },
    cause: { ...included, source: 'host' },
    remedies: ['open', 'switch-billing'],
  },
  {
    about: 'X-HF-Bill-To with another’s organization: a permission, no limit',
    source: 'ml-intern#57',
    seen: {
      status: 401,
      url: chat,
      billedTo: 'huggingface',
      bodyText: json('You are not allowed to bill huggingface'),
    },
    cause: undefined,
  },
  {
    about: 'personal credits used up because no organization was named',
    source: 'ml-intern#324',
    seen: { status: 402, url: chat, bodyText: json(depleted), source: 'terminal' },
    cause: included,
    remedies: ['open', 'switch-billing'],
  },
  {
    about: 'a token without the permission for inference: no limit',
    source: 'councilof-ai#1102',
    seen: {
      status: 403,
      url: chat,
      bodyText: json(
        'This authentication method does not have sufficient permissions to call Inference Providers on behalf of user ada',
      ),
    },
    cause: undefined,
  },
  {
    about: 'a 402 without a fallback: waiting does not help',
    source: 'hermes-agent#26811',
    seen: { status: 402, url: '', bodyText: `Error code: 402 - {'error': '${depleted}'}` },
    cause: { status: 402, cause: 'credits', by: 'huggingface' },
    remedies: ['open', 'switch-billing'],
  },
  {
    about: 'an endpoint that needs credits',
    source: 'hf-endpoints-documentation#162',
    seen: {
      status: 402,
      url: 'https://api.endpoints.huggingface.cloud/v2/endpoint/ada',
      bodyText: json('Payment required'),
    },
    cause: { status: 402, cause: 'credits', by: 'huggingface' },
    remedies: ['open', 'switch-billing'],
    sentence: /^This is paid from credits, and none are left\.$/,
  },
];
