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

/**
 * A request billed to the profile. It reads its secret from the environment. A file is always for a direct one: the
 * terminals with Headroom hold their variables already.
 */
export function requestSnippet({ language, through, ...options }: SnippetOptions): string {
  return writeCall(language, callOf({ ...options, through: language === 'env' ? 'direct' : through }));
}

/** A program with the call. */
export function writeCall(language: SnippetLanguage, call: Call): string {
  const lines = writers[language](call);
  return `${lines.filter(line => line !== undefined).join('\n')}\n`;
}

/** False for a provider without a chat route. */
export function canWriteSnippet({ profile }: Pick<SnippetOptions, 'profile'>): boolean {
  return profile.kind !== 'provider-key' || findProvider(profile.provider)?.chatPath !== undefined;
}

const question = 'Who pays for this request?';

/** Lines; undefined ones are left out. */
const writers: Record<SnippetLanguage, (call: Call) => (string | undefined)[]> = {
  'python-huggingface-hub': ({ baseUrl, keyVariable, billTo, provider, model, note }) => [
    `# ${note}`,
    'import os',
    'from huggingface_hub import InferenceClient',
    '',
    'client = InferenceClient(',
    baseUrl === undefined ? '    base_url=os.environ["OPENAI_BASE_URL"],' : undefined,
    provider && `    provider=${quote(provider)},`,
    `    api_key=os.environ[${quote(keyVariable)}],`,
    billTo && `    bill_to=${quote(billTo)},`,
    ')',
    ...pythonChat(model),
  ],
  'python-openai': ({ baseUrl, keyVariable, billTo, sentModel, note }) => [
    `# ${note}`,
    'import os',
    'from openai import OpenAI',
    '',
    'client = OpenAI(',
    `    base_url=${baseUrl === undefined ? 'os.environ["OPENAI_BASE_URL"]' : quote(baseUrl)},`,
    `    api_key=os.environ[${quote(keyVariable)}],`,
    billTo && `    default_headers={"X-HF-Bill-To": ${quote(billTo)}},`,
    ')',
    ...pythonChat(sentModel),
  ],
  'js-openai': ({ baseUrl, keyVariable, billTo, sentModel, note }) => [
    `// ${note}`,
    "import OpenAI from 'openai';",
    '',
    'const client = new OpenAI({',
    `  baseURL: ${baseUrl === undefined ? 'process.env.OPENAI_BASE_URL' : quote(baseUrl)},`,
    `  apiKey: process.env.${keyVariable},`,
    billTo && `  defaultHeaders: { 'X-HF-Bill-To': ${quote(billTo)} },`,
    '});',
    'const completion = await client.chat.completions.create({',
    ...javascriptChat(sentModel),
  ],
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
      provider && `  provider: ${quote(provider)},`,
      ...javascriptChat(model),
    ];
  },
  curl: ({ baseUrl, keyVariable, billTo, sentModel, note }) => [
    `# ${note}`,
    ...comment('#', sentModel),
    `curl "${baseUrl ?? '$OPENAI_BASE_URL'}/chat/completions" \\`,
    `  -H "Authorization: Bearer $${keyVariable}" \\`,
    '  -H "Content-Type: application/json" \\',
    billTo && `  -H "X-HF-Bill-To: ${billTo}" \\`,
    `  -d '${JSON.stringify({ model: sentModel.name, messages: [{ role: 'user', content: question }], max_tokens: 64 })}'`,
  ],
  // no $VARIABLE: Node.js and Docker do not expand them in such a file
  env: ({ baseUrl, keyVariable, billTo, note }) => [
    ...(billTo === undefined ? [`# ${note}`] : billedByHeader(note)),
    '# The secret goes where no repository can see it, so not here: set',
    `# OPENAI_API_KEY to the value of ${keyVariable}.`,
    `OPENAI_BASE_URL="${baseUrl}"`,
    billTo && `OPENAI_CUSTOM_HEADERS="X-HF-Bill-To: ${billTo}"`,
  ],
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
