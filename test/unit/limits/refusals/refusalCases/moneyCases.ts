import type { ResponseFacts } from '../../../../../src/limits/refusals/refusal.ts';
import { chat, hub, json, type RefusalCase } from './refusalCase.ts';

const pay = (text: string): Partial<ResponseFacts> => ({ status: 402, url: chat, bodyText: json(text) });
export const moneyCases: readonly RefusalCase[] = [
  {
    name: 'depleted credits on Free',
    seen: pay(
      'You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers. Alternatively, subscribe to PRO to get 20x more included usage.',
    ),
    expected: { cause: 'credits', by: 'huggingface' },
  },
  {
    name: 'depleted credits on PRO',
    seen: pay(
      'You have depleted your monthly included credits. Purchase pre-paid credits to continue using Inference Providers.',
    ),
    expected: { cause: 'credits', by: 'huggingface' },
  },
  {
    name: 'exceeded credits as of 2025',
    seen: pay(
      'You have exceeded your monthly included credits for Inference Providers. Subscribe to PRO to get 20x more monthly included credits.',
    ),
    expected: { cause: 'credits', by: 'huggingface' },
  },
  {
    name: 'the free monthly limit of a provider',
    seen: pay(
      'You have reached the free monthly usage limit for groq. Subscribe to PRO to get 20x more included usage, or add pre-paid credits to your account.',
    ),
    expected: { cause: 'credits', by: 'huggingface', scope: 'groq' },
  },
  {
    name: 'the same on PRO',
    seen: pay(
      'You have reached the monthly usage limit. Add pre-paid credits to your account to continue using groq.',
    ),
    expected: { cause: 'credits', by: 'huggingface', scope: 'groq' },
  },
  {
    name: 'a provider that HF cannot bill',
    seen: pay('Pay-as-you go is not enabled for provider fal-ai yet.'),
    expected: { cause: 'quota', by: 'fal-ai', scope: 'pay-as-you-go' },
  },
  {
    name: "the gateway's own budget",
    seen: pay(
      'Headroom paused what is billed to personal: $5.01 of this month’s $5.00 is spent or in flight. Nothing was sent.',
    ),
    expected: { cause: 'spending-limit', by: 'headroom', scope: 'your budget', billedTo: 'personal' },
  },
  {
    name: "the gateway's own budget of a folder",
    seen: pay(
      "Headroom paused what is billed to group:acme/6502 in this folder: $5.01 of this month's $5.00 is spent or in flight. Nothing was sent.",
    ),
    expected: {
      cause: 'spending-limit',
      by: 'headroom',
      scope: 'your budget in this folder',
      billedTo: 'group:acme/6502',
    },
  },
  {
    name: "the gateway's own cap of a run",
    seen: pay(
      'Headroom paused what is billed: $0.51 of the cap of $0.50 for this run is spent or in flight. Nothing was sent.',
    ),
    expected: { cause: 'spending-limit', by: 'headroom', scope: 'the cap of this run' },
  },
  {
    name: 'Jobs without a balance',
    seen: pay('Pre-paid credit balance is insufficient - add more credits to your account to use Jobs.'),
    expected: { cause: 'credits', by: 'huggingface', scope: 'Jobs' },
  },
  {
    name: 'a Space that the plan does not include',
    seen: {
      ...pay(
        'Static Spaces are free for everyone, but hosting Gradio and Docker Spaces on free cpu-basic requires a PRO subscription. Subscribe at https://huggingface.co/pro',
      ),
      url: 'https://huggingface.co/api/repos/create',
    },
    expected: {
      cause: 'plan',
      by: 'huggingface',
      // "basic requires" is no Authorization header
      message:
        'Static Spaces are free for everyone, but hosting Gradio and Docker Spaces on free cpu-basic requires a PRO subscription. Subscribe at https://huggingface.co/pro',
    },
  },
  {
    name: 'a model that the plan does not include, behind a 400',
    seen: { status: 400, url: hub, bodyText: json('Model requires a Pro subscription') },
    expected: { status: 400, cause: 'plan', by: 'huggingface' },
  },
  {
    name: 'a feature of other plans, behind a 403',
    seen: {
      status: 403,
      url: hub,
      bodyText: json('This feature is only available for Team and Enterprise organizations.'),
    },
    expected: { status: 403, cause: 'plan', by: 'huggingface' },
  },
  {
    name: 'one more resource group than the plan has',
    seen: {
      status: 403,
      url: hub,
      bodyText: json('You have reached the maximum number of resource groups.'),
    },
    expected: { status: 403, cause: 'plan', by: 'huggingface', scope: 'resource groups' },
  },
  {
    name: 'a spending limit',
    seen: { ...pay('The spending limit of this resource group is reached.'), status: 403 },
    expected: { cause: 'spending-limit', by: 'huggingface' },
  },
  {
    name: 'a spending limit that rejects a request to a running endpoint, known by its host',
    seen: {
      status: 403,
      url: 'https://abc.us-east-1.aws.endpoints.huggingface.cloud/v1/chat/completions',
      bodyText: json('Resource group spend limit reached'),
    },
    expected: {
      cause: 'spending-limit',
      by: 'huggingface',
      scope: 'Inference Endpoints',
      model: 'abc.us-east-1.aws.endpoints.huggingface.cloud',
    },
  },
  {
    name: "a provider's own balance",
    seen: {
      status: 403,
      url: chat,
      headers: { 'x-inference-provider': 'novita' },
      bodyText: JSON.stringify({ code: 403, reason: 'NOT_ENOUGH_BALANCE', message: 'NOT_ENOUGH_BALANCE' }),
    },
    expected: { cause: 'credits', by: 'novita', scope: 'provider balance' },
  },
  {
    name: 'an endpoint without a payment method',
    seen: {
      status: 402,
      url: 'https://api.endpoints.huggingface.cloud/v2/endpoint/ada',
      bodyText: json('Payment required'),
    },
    expected: { cause: 'credits', by: 'huggingface' },
  },
  {
    name: 'a 402 in unknown words',
    seen: pay('Computer says no.'),
    expected: { cause: 'unknown', message: 'Computer says no.' },
  },
  {
    name: 'a spending limit behind the words "authorization error"',
    seen: {
      status: 403,
      url: chat,
      billedTo: 'acme',
      bodyText: json('Authorization error: the spending limit of the resource group research is reached'),
    },
    expected: { cause: 'spending-limit', by: 'huggingface', billedTo: 'acme' },
  },
  {
    name: "fal's locked account",
    seen: {
      status: 403,
      url: 'https://fal.run/fal-ai/flux',
      bodyText: JSON.stringify({
        detail: 'User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing.',
      }),
    },
    expected: { cause: 'credits', by: 'fal-ai', scope: 'provider balance' },
  },
  {
    name: "Fireworks's suspended account, behind a 412",
    seen: {
      status: 412,
      url: 'https://api.fireworks.ai/inference/v1/chat/completions',
      bodyText: json({
        message:
          'Account acme is suspended, possibly due to reaching the monthly spending limit or failure to pay past invoices. Please go to https://fireworks.ai/account/billing for more information.',
        code: 'PRECONDITION_FAILED',
        type: 'error',
      }),
    },
    expected: { status: 412, cause: 'spending-limit', by: 'fireworks-ai' },
  },
  {
    name: "Replicate's empty account",
    seen: {
      status: 402,
      url: 'https://api.replicate.com/v1/predictions',
      bodyText: JSON.stringify({
        title: 'Insufficient credit',
        detail: 'You have insufficient credit to run this model.',
        status: 402,
      }),
    },
    expected: { cause: 'credits', by: 'replicate', scope: 'provider balance' },
  },
  {
    name: "Together's empty account",
    seen: {
      status: 402,
      url: 'https://api.together.xyz/v1/chat/completions',
      bodyText: json({
        message: 'Credit limit exceeded. Please navigate to https://api.together.xyz/settings/billing',
        type: 'credit_limit',
      }),
    },
    expected: { cause: 'credits', by: 'together', scope: 'provider balance' },
  },
  {
    name: "OpenAI's empty account behind a 429, as Python prints it",
    seen: {
      url: '',
      answeredBy: 'openai',
      bodyText:
        "openai.RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current quota, please check your plan and billing details.', 'type': 'insufficient_quota', 'param': None, 'code': 'insufficient_quota'}}",
    },
    expected: { cause: 'credits', by: 'openai', scope: 'provider balance' },
  },
];
