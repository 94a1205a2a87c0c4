import type { Refusal } from '../../limits/refusals/refusal.ts';

/** A way to avoid refusals. */
export type Habit = keyof typeof samples;

export type Library = 'huggingface-hub' | 'openai-python' | 'openai-node' | 'huggingface-js' | 'curl';

export interface Sample {
  readonly code: string;
  /** A language id of Markdown's fences. */
  readonly language: string;
}

const python: readonly Library[] = ['huggingface-hub', 'openai-python'];
const javaScript: readonly Library[] = ['huggingface-js', 'openai-node'];

/** For the library, else another one of its language, else the first sample. */
export function sampleFor(habit: Habit, library: Library, refusal: Pick<Refusal, 'model'>): Sample {
  const known: Partial<Record<Library, string>> = samples[habit];
  const ofLanguage = [python, javaScript].find(libraries => libraries.includes(library)) ?? [];
  const order = [library, ...ofLanguage, ...(Object.keys(known) as Library[])];
  const chosen = order.find(candidate => known[candidate] !== undefined) ?? library;
  return {
    code: (known[chosen] ?? '').replaceAll(aModel, modelOf(refusal)),
    language: languageOf(chosen),
  };
}

function languageOf(library: Library): string {
  if (library === 'curl') return 'sh';
  return python.includes(library) ? 'python' : 'js';
}

const aModel = 'acme/model';

/** A server's model name goes into code only if it is harmless there. */
function modelOf({ model = '' }: Pick<Refusal, 'model'>): string {
  return /^[\w-][\w.-]{0,80}\/[\w-][\w.-]{0,80}$/.test(model) ? model : aModel;
}

const openaiPython = `import os
from openai import OpenAI

client = OpenAI(
    base_url="https://router.huggingface.co/v1",
    api_key=os.environ["HF_TOKEN"],`;
const openaiNode = `import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: 'https://router.huggingface.co/v1',
  apiKey: process.env.HF_TOKEN,`;
const hubClient = `import { InferenceClient } from '@huggingface/inference';

const client = new InferenceClient(process.env.HF_TOKEN);`;
const fourAtOnce = `const answers = [];
for (let start = 0; start < prompts.length; start += 4) {
  answers.push(...(await Promise.all(prompts.slice(start, start + 4).map(ask))));
}`;
const curlChat = `curl --retry 8 https://router.huggingface.co/v1/chat/completions \\
  -H "Authorization: Bearer $HF_TOKEN" -H "Content-Type: application/json"`;

const samples = {
  'pass-token': {
    'huggingface-hub': `import os
from huggingface_hub import HfApi

api = HfApi(token=os.environ["HF_TOKEN"])`,
    'huggingface-js': `import { listFiles } from '@huggingface/hub';

const files = listFiles({ repo: 'acme/model', accessToken: process.env.HF_TOKEN });`,
    curl: 'curl -H "Authorization: Bearer $HF_TOKEN" https://huggingface.co/api/models/acme/model',
  },
  'ask-once': {
    'huggingface-hub': `from functools import cache
from huggingface_hub import whoami

@cache
def account() -> str:
    return whoami()["name"]`,
    'huggingface-js': `import { whoAmI } from '@huggingface/hub';

let account;
export const whoIsIt = () => (account ??= whoAmI({ accessToken: process.env.HF_TOKEN }));`,
    curl: `test -s account.json || curl --fail -o account.json \\
  -H "Authorization: Bearer $HF_TOKEN" https://huggingface.co/api/whoami-v2`,
  },
  'load-once': {
    'huggingface-hub': `from huggingface_hub import snapshot_download
from transformers import AutoModel

snapshot_download("acme/model", max_workers=4)  # once, before the workers start
model = AutoModel.from_pretrained("acme/model", local_files_only=True)  # in each worker`,
    'huggingface-js': `import { snapshotDownload } from '@huggingface/hub';

const folder = await snapshotDownload({ repo: 'acme/model', accessToken: process.env.HF_TOKEN });`,
    curl: `curl -L --retry 8 -o config.json -z config.json -H "Authorization: Bearer $HF_TOKEN" \\
  https://huggingface.co/acme/model/resolve/main/config.json`,
  },
  'ask-for-many': {
    'huggingface-hub': `from huggingface_hub import HfApi

for model in HfApi().list_models(author="acme", expand=["sha", "lastModified"]):
    print(model.id, model.sha)`,
    'huggingface-js': `import { listModels } from '@huggingface/hub';

const accessToken = process.env.HF_TOKEN;
for await (const model of listModels({ search: { owner: 'acme' }, additionalFields: ['sha'], accessToken })) {
  console.log(model.name, model.sha);
}`,
    curl: `curl --retry 8 -H "Authorization: Bearer $HF_TOKEN" \\
  "https://huggingface.co/api/models?author=acme&limit=1000&expand[]=sha"`,
  },
  'one-commit': {
    'huggingface-hub': `from huggingface_hub import HfApi

HfApi().upload_folder(repo_id="acme/data", repo_type="dataset", folder_path="data")`,
    'huggingface-js': `import { uploadFiles } from '@huggingface/hub';

const repo = { type: 'dataset', name: 'acme/data' };
await uploadFiles({ repo, files, accessToken: process.env.HF_TOKEN });`,
  },
  'fewer-at-once': {
    'openai-python': `import asyncio, os
from openai import AsyncOpenAI

client = AsyncOpenAI(
    base_url="https://router.huggingface.co/v1",
    api_key=os.environ["HF_TOKEN"],
    max_retries=8,
)
at_once = asyncio.Semaphore(4)

async def ask(prompt: str):
    async with at_once:
        messages = [{"role": "user", "content": prompt}]
        return await client.chat.completions.create(model="acme/model", messages=messages)`,
    'huggingface-hub': `import asyncio
from huggingface_hub import AsyncInferenceClient

client = AsyncInferenceClient()
at_once = asyncio.Semaphore(4)

async def ask(prompt: str):
    async with at_once:
        return await client.chat_completion([{"role": "user", "content": prompt}], model="acme/model")`,
    'openai-node': `${openaiNode}
  maxRetries: 8,
});
const ask = content =>
  client.chat.completions.create({ model: 'acme/model', messages: [{ role: 'user', content }] });
${fourAtOnce}`,
    'huggingface-js': `${hubClient}
const ask = content => client.chatCompletion({ model: 'acme/model', messages: [{ role: 'user', content }] });
${fourAtOnce}`,
    curl: `ls requests/*.json | xargs -P 4 -I {} \\
  ${curlChat} -d @{}`,
  },
  'fewer-tokens': {
    'openai-python': `${openaiPython}
    max_retries=8,
)
client.chat.completions.create(model="acme/model", messages=messages, max_tokens=512)`,
    'huggingface-hub': `from huggingface_hub import InferenceClient

InferenceClient().chat_completion(messages, model="acme/model", max_tokens=512)`,
    'openai-node': `${openaiNode}
  maxRetries: 8,
});
await client.chat.completions.create({ model: 'acme/model', messages, max_tokens: 512 });`,
    'huggingface-js': `${hubClient}
await client.chatCompletion({ model: 'acme/model', messages, max_tokens: 512 });`,
    curl: `${curlChat} \\
  -d '{"model": "acme/model", "max_tokens": 512, "messages": [{"role": "user", "content": "Hello"}]}'`,
  },
  'send-less': {
    'openai-python':
      'client.chat.completions.create(model="acme/model", messages=messages[:1] + messages[1:][-6:])',
    'huggingface-hub': 'client.chat_completion(messages[:1] + messages[1:][-6:], model="acme/model")',
    'openai-node': `const messages = [history[0], ...history.slice(1).slice(-6)];
await client.chat.completions.create({ model: 'acme/model', messages });`,
    'huggingface-js': `const messages = [history[0], ...history.slice(1).slice(-6)];
await client.chatCompletion({ model: 'acme/model', messages });`,
  },
  'bill-to': {
    'openai-python': `${openaiPython}
    default_headers={"X-HF-Bill-To": "acme"},
)`,
    'huggingface-hub': `from huggingface_hub import InferenceClient

client = InferenceClient(bill_to="acme")`,
    'openai-node': `${openaiNode}
  defaultHeaders: { 'X-HF-Bill-To': 'acme' },
});`,
    'huggingface-js': `import { InferenceClient } from '@huggingface/inference';

const client = new InferenceClient(process.env.HF_TOKEN, { billTo: 'acme' });`,
    curl: `${curlChat} -H "X-HF-Bill-To: acme" \\
  -d '{"model": "acme/model", "messages": [{"role": "user", "content": "Hello"}]}'`,
  },
  'any-provider': {
    'openai-python': 'client.chat.completions.create(model="acme/model:fastest", messages=messages)',
    'huggingface-hub': `from huggingface_hub import InferenceClient

InferenceClient(provider="auto").chat_completion(messages, model="acme/model")`,
    'openai-node': "await client.chat.completions.create({ model: 'acme/model:fastest', messages });",
    'huggingface-js': "await client.chatCompletion({ provider: 'auto', model: 'acme/model', messages });",
    curl: `${curlChat} \\
  -d '{"model": "acme/model:fastest", "messages": [{"role": "user", "content": "Hello"}]}'`,
  },
  'shorter-gpu': {
    'huggingface-hub': `# in the Space
import spaces

@spaces.GPU(duration=30)
def generate(prompt): ...

# in the caller
import os
from gradio_client import Client

client = Client("acme/demo", token=os.environ["HF_TOKEN"])`,
  },
  'pause-endpoints': {
    'huggingface-hub': `from huggingface_hub import list_inference_endpoints

for endpoint in list_inference_endpoints():
    if endpoint.status == "scaledToZero":
        endpoint.pause()`,
    curl: `curl -X POST -H "Authorization: Bearer $HF_TOKEN" \\
  https://api.endpoints.huggingface.cloud/v2/endpoint/acme/nightly/pause`,
  },
} satisfies Record<string, Partial<Record<Library, string>>>;
