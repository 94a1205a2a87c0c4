import type { Endpoint } from '../../limits/account/endpoints.ts';
import type { Call } from '../billing/snippetCall.ts';
import { type SnippetLanguage, writeCall } from '../billing/snippets.ts';
import { oneLine } from '../text/plainText.ts';

/** OpenAI-compatible, with its own address: Hugging Face's clients would look its model up elsewhere. */
const chatLanguages = ['python-openai', 'js-openai', 'curl', 'env'] as const;

/** The languages of a call to the endpoint: only curl where it does not chat. */
export function endpointLanguages({ task }: Endpoint): readonly SnippetLanguage[] {
  return task === undefined || chatTasks.has(task) ? chatLanguages : ['curl'];
}

const chatTasks = new Set(['text-generation', 'image-text-to-text', 'conversational']);

/** A program that calls the endpoint; undefined: it has no address yet. */
export function endpointSnippet(endpoint: Endpoint, language: SnippetLanguage): string | undefined {
  const { url, name, namespace } = endpoint;
  if (url === undefined || !/^https?:\/\/[\w.:/-]+$/.test(url)) return undefined;
  const note = `Billed by the hour to ${oneLine(namespace, 60)} while the endpoint runs. It wakes one that is scaled to zero: the header X-Scale-Up-Timeout: 600 waits for that.`;
  if (endpointLanguages(endpoint).length === 1) return plainCall(url, note);
  const model = { name };
  const call: Call = {
    baseUrl: `${url.replace(/\/+$/, '')}/v1`,
    keyVariable: 'HF_TOKEN',
    model,
    sentModel: model,
    note,
  };
  return writeCall(language, call);
}

function plainCall(url: string, note: string): string {
  return [
    `# ${note}`,
    `curl "${url}" \\`,
    '  -H "Authorization: Bearer $HF_TOKEN" \\',
    '  -H "Content-Type: application/json" \\',
    `  -d '{"inputs":"Who pays for this request?"}'`,
    '',
  ].join('\n');
}
