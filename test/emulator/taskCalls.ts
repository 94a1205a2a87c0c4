import type { Exchange, Route } from './exchange.ts';
import { jsonBody, route } from './exchange.ts';
import { isObject } from './patch.ts';
import type { Headers } from './reply.ts';
import { embeddingOf, imageOf, transcriptOf } from './taskAnswers.ts';
import { type TaskModel, taskModelAt } from './taskModels.ts';

/** A call of a provider's own route for a task, as its clients write it. */
export interface TaskCall {
  readonly provider: string;
  /** The provider's own name of the model, as asked for. */
  readonly providerId: string;
  readonly model: TaskModel | undefined;
  answer(headers: Headers): void;
}

type Read = (exchange: Exchange, provider: string) => TaskCall | undefined;

/** `METHOD path` behind `/{provider}`. fal-ai's takes every path: that is its model. */
const calls: Readonly<Record<string, readonly (readonly [path: string, read: Read])[]>> = {
  'hf-inference': [
    ['models/{owner}/{name}', modelsOfHf],
    ['models/{owner}/{name}/pipeline/{task}', modelsOfHf],
  ],
  nscale: [['v1/images/generations', openAiImages]],
  together: [
    ['v1/images/generations', openAiImages],
    ['v1/embeddings', openAiEmbeddings],
    ['v1/audio/transcriptions', openAiTranscriptions],
  ],
  replicate: [['v1/models/{owner}/{name}/predictions', predictions]],
  'fal-ai': [['{model...}', falImages]],
};

/** The routes of tasks, on the router and at the partners alike: `handle` decides who pays and what is refused. */
export function taskRoutes(
  providers: readonly string[],
  handle: (exchange: Exchange, call: TaskCall) => void,
): Route[] {
  const served = Object.entries(calls).filter(([provider]) => providers.includes(provider));
  return served.flatMap(([provider, routes]) =>
    routes.map(([path, read]) =>
      route('POST', `/${provider}/${path}`, exchange => {
        const call = read(exchange, provider);
        if (call) handle(exchange, call);
        else
          exchange.reply.json(400, { error: { message: 'Invalid request', type: 'invalid_request_error' } });
      }),
    ),
  );
}

/** hf-inference: the model is in the path, the audio is the body, and an image comes as its bytes. */
function modelsOfHf(exchange: Exchange, provider: string): TaskCall | undefined {
  const { params, reply, body, headers } = exchange;
  const providerId = params.slice(0, 2).join('/');
  const model = taskModelAt(provider, providerId);
  const json = jsonBody(exchange);
  const inputs = isObject(json) ? json.inputs : undefined;
  const base = { provider, providerId, model };
  if (model?.task === 'automatic-speech-recognition') {
    if (body.size === 0) return undefined;
    const type = { 'x-compute-type': 'gpu+optimized', 'x-compute-time': '0.42' };
    return {
      ...base,
      answer: more => reply.json(200, { text: transcriptOf(body.size, body.sha256) }, { ...type, ...more }),
    };
  }
  if (!headers['content-type']?.startsWith('application/json') || typeof inputs !== 'string')
    return undefined;
  if (model?.task === 'text-to-image')
    return {
      ...base,
      answer: more => reply.bytes(200, imageOf(inputs), { 'content-type': 'image/png', ...more }),
    };
  return { ...base, answer: more => reply.json(200, embeddingOf(inputs), more) };
}

function openAiImages(exchange: Exchange, provider: string): TaskCall | undefined {
  const json = jsonBody(exchange);
  if (!isObject(json) || typeof json.prompt !== 'string' || typeof json.model !== 'string') return undefined;
  const b64_json = imageOf(json.prompt).toString('base64');
  const created = Math.floor(exchange.world.clock.told() / 1000);
  return named(provider, json.model, more =>
    exchange.reply.json(200, { created, data: [{ b64_json }] }, more),
  );
}

function openAiEmbeddings(exchange: Exchange, provider: string): TaskCall | undefined {
  const json = jsonBody(exchange);
  if (!isObject(json) || typeof json.model !== 'string') return undefined;
  const texts = (Array.isArray(json.input) ? json.input : [json.input]).map(String);
  const data = texts.map((text, index) => ({ object: 'embedding', index, embedding: embeddingOf(text) }));
  const { model } = json;
  return named(provider, model, more => exchange.reply.json(200, { object: 'list', model, data }, more));
}

/** Multipart: the name of the model is a field of the form. */
function openAiTranscriptions({ body, headers, reply }: Exchange, provider: string): TaskCall | undefined {
  const model = /name="model"\r\n\r\n([^\r]+)\r\n/.exec(body.kept.toString('latin1'))?.[1];
  if (!headers['content-type']?.startsWith('multipart/form-data; boundary=') || !model) return undefined;
  return named(provider, model, more =>
    reply.json(200, { text: transcriptOf(body.size, body.sha256) }, more),
  );
}

function predictions(exchange: Exchange, provider: string): TaskCall | undefined {
  const json = jsonBody(exchange);
  const input = isObject(json) ? json.input : undefined;
  if (!isObject(input) || typeof input.prompt !== 'string') return undefined;
  const output = [picture(exchange, input.prompt)];
  return named(provider, exchange.params.join('/'), more =>
    exchange.reply.json(201, { id: 'p1', status: 'succeeded', output }, more),
  );
}

function falImages(exchange: Exchange, provider: string): TaskCall | undefined {
  const json = jsonBody(exchange);
  if (!isObject(json) || typeof json.prompt !== 'string') return undefined;
  const images = [{ url: picture(exchange, json.prompt), content_type: 'image/png' }];
  return named(provider, exchange.params[0] ?? '', more => {
    const headers = { 'x-fal-request-id': 'r1', 'x-fal-billable-units': '1', ...more };
    exchange.reply.json(200, { images, prompt: json.prompt }, headers);
  });
}

/** Where the finished picture is to be fetched: no key is needed there. */
function picture({ world }: Exchange, prompt: string): string {
  return `${world.urls.cdn}/outputs/${encodeURIComponent(prompt)}.png`;
}

function named(provider: string, providerId: string, answer: TaskCall['answer']): TaskCall {
  return { provider, providerId, model: taskModelAt(provider, providerId), answer };
}
