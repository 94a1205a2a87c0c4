import { findProvider } from '../../billing/providers.ts';
import { type Call, type CallOptions, callOf, type NamedModel } from './snippetCall.ts';

/** In the picker's order. */
export const snippetLanguages = [
  'python-huggingface-hub',
  'python-openai',
  'js-openai',
  'js-huggingface',
  'curl',
  'env',
] as const;
export type SnippetLanguage = (typeof snippetLanguages)[number];

export interface SnippetOptions extends CallOptions {
  readonly language: SnippetLanguage;
}

/** A request billed to the profile. It reads its secret from the environment. */
export function requestSnippet(options: SnippetOptions): string {
  const call = callOf(options);
  const write = writers[options.language];
  return `${write(call)}\n`;
}

/** False for a provider without a chat route. */
export function canWriteSnippet({ profile }: Pick<SnippetOptions, 'profile'>): boolean {
  return profile.kind !== 'provider-key' || findProvider(profile.provider)?.chatPath !== undefined;
}

const question = 'Who pays for this request?';

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
  'python-openai': ({ baseUrl, keyVariable, billTo, sentModel, note }) =>
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
      ...pythonChat(sentModel),
    ].join('\n'),
  'js-openai': ({ baseUrl, keyVariable, billTo, sentModel, note }) =>
    [
      `// ${note}`,
      "import OpenAI from 'openai';",
      '',
      'const client = new OpenAI({',
      `  baseURL: ${baseUrl === undefined ? 'process.env.OPENAI_BASE_URL' : quote(baseUrl)},`,
      `  apiKey: process.env.${keyVariable},`,
      ...(billTo === undefined ? [] : [`  defaultHeaders: { 'X-HF-Bill-To': ${quote(billTo)} },`]),
      '});',
      'const completion = await client.chat.completions.create({',
      ...javascriptChat(sentModel),
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
  curl: ({ baseUrl, keyVariable, billTo, sentModel, note }) =>
    [
      `# ${note}`,
      ...comment('#', sentModel),
      `curl "${baseUrl ?? '$OPENAI_BASE_URL'}/chat/completions" \\`,
      `  -H "Authorization: Bearer $${keyVariable}" \\`,
      '  -H "Content-Type: application/json" \\',
      ...(billTo === undefined ? [] : [`  -H "X-HF-Bill-To: ${billTo}" \\`]),
      `  -d '${JSON.stringify({ model: sentModel.name, messages: [{ role: 'user', content: question }], max_tokens: 64 })}'`,
    ].join('\n'),
  // no $VARIABLE: Node.js and Docker do not expand them in such a file
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

function pythonChat(model: NamedModel): string[] {
  return [
    ...comment('#', model),
    'completion = client.chat.completions.create(',
    `    model=${quote(model.name)},`,
    `    messages=[{"role": "user", "content": ${quote(question)}}],`,
    '    max_tokens=64,',
    ')',
    'print(completion.choices[0].message.content)',
  ];
}

/** The rest of an opened call. */
function javascriptChat(model: NamedModel): string[] {
  return [
    ...comment('  //', model),
    `  model: ${quote(model.name)},`,
    `  messages: [{ role: 'user', content: ${quote(question)} }],`,
    '  max_tokens: 64,',
    '});',
    'console.log(completion.choices[0]?.message.content);',
  ];
}

/** OpenAI's SDKs have no variable for a payer, and some have one for headers. */
function billedByHeader(note: string): string[] {
  return [
    `# ${note.replace(/\.$/, '')} if the program sends the header below. The packages openai take it`,
    '# from this variable (7.57 for JavaScript and 3.22 for Python do; older ones may not). Elsewhere set it in',
    '# the code, or the owner of the token is billed.',
  ];
}

function comment(mark: string, { note }: NamedModel): string[] {
  return note === undefined ? [] : [`${mark} ${note}`];
}

/** A string literal in both Python and JavaScript. */
function quote(text: string): string {
  return JSON.stringify(text);
}
