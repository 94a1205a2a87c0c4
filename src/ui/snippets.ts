import { type BillingProfile, billToOf } from '../billing/profile.ts';
import { findProvider } from '../billing/providers.ts';

/** Ids of the snippets, in the order in which they are offered. */
export const snippetLanguages = [
  'python-huggingface-hub',
  'python-openai',
  'js-openai',
  'js-huggingface',
  'curl',
  'env',
] as const;
export type SnippetLanguage = (typeof snippetLanguages)[number];

export interface SnippetOptions {
  readonly language: SnippetLanguage;
  readonly profile: BillingProfile;
  /** Through the gateway of this window, whose address and key a terminal with Headroom has; else straight. */
  readonly through: 'gateway' | 'direct';
  /** Hugging Face's id of a chat model. */
  readonly model: string;
  /** Where the router is; without a trailing slash. */
  readonly routerUrl: string;
  /** Where providers are that are not at their own address. */
  readonly providerUrls: Readonly<Record<string, string>>;
}

/** What a program has to be told, whatever its language. */
interface Call {
  /** An OpenAI-compatible address; undefined: the SDK takes it from the variable by itself. */
  readonly baseUrl?: string;
  /** The environment variable that holds the secret. */
  readonly keyVariable: string;
  readonly billTo?: string;
  /** A provider that is called with a key of its own. */
  readonly provider?: string;
  readonly model: string;
  /** What the reader has to know. */
  readonly note: string;
}

/** A request that is billed as the profile says. It never holds a secret: it reads those from the environment. */
export function requestSnippet(options: SnippetOptions): string {
  const call = callOf(options);
  const write = writers[options.language];
  return `${write(call)}\n`;
}

/** Whether it can be written: not every provider has a chat route. */
export function canWriteSnippet({ profile }: Pick<SnippetOptions, 'profile'>): boolean {
  return profile.kind !== 'provider-key' || findProvider(profile.provider)?.chatPath !== undefined;
}

function callOf({ profile, through, model, routerUrl, providerUrls }: SnippetOptions): Call {
  if (through === 'gateway') {
    return {
      keyVariable: 'OPENAI_API_KEY',
      model,
      note: 'Through Headroom, in a terminal of its own ("New Terminal with Headroom"): billed as it says there.',
    };
  }
  if (profile.kind === 'provider-key') {
    const entry = findProvider(profile.provider);
    const base = (providerUrls[profile.provider] ?? entry?.baseUrl ?? '') + (entry?.chatPath ?? '');
    return {
      baseUrl: base.replace(/\/chat\/completions$/, ''),
      keyVariable:
        entry?.keyVariables[0] ?? `HEADROOM_KEY_${profile.provider.toUpperCase().replace(/\W/g, '_')}`,
      provider: profile.provider,
      model,
      note: `Billed by ${entry?.name ?? profile.provider} to the owner of the key.`,
    };
  }
  const billTo = billToOf(profile);
  return {
    baseUrl: `${routerUrl}/v1`,
    keyVariable: 'HF_TOKEN',
    ...(billTo !== undefined && { billTo }),
    model,
    note: `Billed by Hugging Face to ${billTo ?? 'the owner of the token'}.`,
  };
}

const QUESTION = 'Who pays for this request?';

const writers: Record<SnippetLanguage, (call: Call) => string> = {
  'python-huggingface-hub': ({ baseUrl, keyVariable, billTo, provider, model, note }) =>
    [
      `# ${note}`,
      'import os',
      'from huggingface_hub import InferenceClient',
      '',
      'client = InferenceClient(',
      ...(baseUrl === undefined ? ['    base_url=os.environ["OPENAI_BASE_URL"],'] : []),
      ...(provider === undefined ? [] : [`    provider=${quote(provider)},`]),
      `    api_key=os.environ[${quote(keyVariable)}],`,
      ...(billTo === undefined ? [] : [`    bill_to=${quote(billTo)},`]),
      ')',
      ...pythonChat(model),
    ].join('\n'),
  'python-openai': ({ baseUrl, keyVariable, billTo, provider, model, note }) =>
    [
      `# ${note}`,
      'import os',
      'from openai import OpenAI',
      '',
      'client = OpenAI(',
      `    base_url=${baseUrl === undefined ? 'os.environ["OPENAI_BASE_URL"]' : quote(baseUrl)},`,
      `    api_key=os.environ[${quote(keyVariable)}],`,
      ...(billTo === undefined ? [] : [`    default_headers={"X-HF-Bill-To": ${quote(billTo)}},`]),
      ')',
      ...ownName('#', provider),
      ...pythonChat(model),
    ].join('\n'),
  'js-openai': ({ baseUrl, keyVariable, billTo, provider, model, note }) =>
    [
      `// ${note}`,
      "import OpenAI from 'openai';",
      '',
      'const client = new OpenAI({',
      `  baseURL: ${baseUrl === undefined ? 'process.env.OPENAI_BASE_URL' : quote(baseUrl)},`,
      `  apiKey: process.env.${keyVariable},`,
      ...(billTo === undefined ? [] : [`  defaultHeaders: { 'X-HF-Bill-To': ${quote(billTo)} },`]),
      '});',
      ...ownName('//', provider),
      'const completion = await client.chat.completions.create({',
      ...javascriptChat(model),
    ].join('\n'),
  'js-huggingface': ({ baseUrl, keyVariable, billTo, provider, model, note }) => {
    const options = [
      ...(baseUrl === undefined ? ['endpointUrl: process.env.OPENAI_BASE_URL'] : []),
      ...(billTo === undefined ? [] : [`billTo: ${quote(billTo)}`]),
    ];
    return [
      `// ${note}`,
      "import { InferenceClient } from '@huggingface/inference';",
      '',
      `const client = new InferenceClient(process.env.${keyVariable}${options.length === 0 ? '' : `, { ${options.join(', ')} }`});`,
      'const completion = await client.chatCompletion({',
      ...(provider === undefined ? [] : [`  provider: ${quote(provider)},`]),
      ...javascriptChat(model),
    ].join('\n');
  },
  curl: ({ baseUrl, keyVariable, billTo, provider, model, note }) =>
    [
      `# ${note}`,
      ...ownName('#', provider),
      `curl "${baseUrl ?? '$OPENAI_BASE_URL'}/chat/completions" \\`,
      `  -H "Authorization: Bearer $${keyVariable}" \\`,
      '  -H "Content-Type: application/json" \\',
      ...(billTo === undefined ? [] : [`  -H "X-HF-Bill-To: ${billTo}" \\`]),
      `  -d '${JSON.stringify({ model, messages: [{ role: 'user', content: QUESTION }], max_tokens: 64 })}'`,
    ].join('\n'),
  // no variable is expanded: Node.js and Docker read a file as it is
  env: ({ baseUrl, keyVariable, billTo, note }) =>
    baseUrl === undefined
      ? [
          '# Through Headroom: its terminals hold OPENAI_BASE_URL and OPENAI_API_KEY already, and a file that sets them',
          '# would take precedence in most programs. So this one sets neither.',
        ].join('\n')
      : [
          ...(billTo === undefined ? [`# ${note}`] : billedByHeader(note)),
          '# The secret goes where no repository can see it, so not here: set',
          `# OPENAI_API_KEY to the value of ${keyVariable}.`,
          `OPENAI_BASE_URL="${baseUrl}"`,
          ...(billTo === undefined ? [] : [`OPENAI_CUSTOM_HEADERS="X-HF-Bill-To: ${billTo}"`]),
        ].join('\n'),
};

function pythonChat(model: string): string[] {
  return [
    'completion = client.chat.completions.create(',
    `    model=${quote(model)},`,
    `    messages=[{"role": "user", "content": ${quote(QUESTION)}}],`,
    '    max_tokens=64,',
    ')',
    'print(completion.choices[0].message.content)',
  ];
}

/** The rest of a call that has been opened. */
function javascriptChat(model: string): string[] {
  return [
    `  model: ${quote(model)},`,
    `  messages: [{ role: 'user', content: ${quote(QUESTION)} }],`,
    '  max_tokens: 64,',
    '});',
    'console.log(completion.choices[0]?.message.content);',
  ];
}

/** No variable of OpenAI's SDKs names a payer; a header does, where the SDK takes headers from a variable. */
function billedByHeader(note: string): string[] {
  return [
    `# ${note.replace(/\.$/, '')} if the program sends the header below. The package openai for`,
    '# JavaScript takes it from this variable (7.57 does; an older one may not). Elsewhere set it in the code,',
    '# or the owner of the token is billed.',
  ];
}

function ownName(comment: string, provider: string | undefined): string[] {
  return provider === undefined ? [] : [`${comment} The model by the name that ${provider} itself gives it.`];
}

/** A string literal that Python and JavaScript read alike. */
function quote(text: string): string {
  return JSON.stringify(text);
}
