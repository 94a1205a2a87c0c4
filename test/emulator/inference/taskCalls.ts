import { type Exchange, jsonBody, type Route, route } from '../http/exchange.ts';
import type { Headers } from '../http/reply.ts';
import { isObject } from '../patch.ts';
import { type TaskModel, taskModelAt } from '../taskModels.ts';
import { embeddingOf, imageOf, transcriptOf } from './taskResults.ts';

/** A request to a provider's own route for a task. */
export interface TaskCall {
  readonly provider: string;
  /** The requested model, by the provider's own id. */
  readonly providerId: string;
  readonly model: TaskModel | undefined;
  /** Sends the result. */
  send(headers: Headers): void;
}

type Read = (exchange: Exchange, provider: string) => TaskCall | undefined;

/** Paths below `/{provider}`. fal-ai's path is the model id. */
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

/** Task routes of the router and of the providers; `handle` decides about payment and refusals. */
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

/** hf-inference: the model is in the path, audio is the whole body, an image is the whole response. */
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
      send: more => reply.json(200, { text: transcriptOf(body.size, body.sha256) }, { ...type, ...more }),
    };
  }
  if (!headers['content-type']?.startsWith('application/json') || typeof inputs !== 'string')
    return undefined;
  if (model?.task === 'text-to-image')
    return {
      ...base,
      send: more => reply.bytes(200, imageOf(inputs), { 'content-type': 'image/png', ...more }),
    };
  return { ...base, send: more => reply.json(200, embeddingOf(inputs), more) };
}

function openAiImages(exchange: Exchange, provider: string): TaskCall | undefined {
  const json = jsonBody(exchange);
  if (!isObject(json) || typeof json.prompt !== 'string' || typeof json.model !== 'string') return undefined;
  const b64_json = imageOf(json.prompt).toString('base64');
  const created = Math.floor(exchange.world.clock.reportedNow() / 1000);
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

/** A multipart form with a `model` field. */
function openAiTranscriptions({ body, headers, reply }: Exchange, provider: string): TaskCall | undefined {
  const model = /name="model"\r\n\r\n([^\r]+)\r\n/.exec((body.bytes ?? '').toString('latin1'))?.[1];
  if (!headers['content-type']?.startsWith('multipart/form-data; boundary=') || !model) return undefined;
  return named(provider, model, more =>
    reply.json(200, { text: transcriptOf(body.size, body.sha256) }, more),
  );
}

function predictions(exchange: Exchange, provider: string): TaskCall | undefined {
  const json = jsonBody(exchange);
  const input = isObject(json) ? json.input : undefined;
  if (!isObject(input) || typeof input.prompt !== 'string') return undefined;
  const output = [imageUrl(exchange, input.prompt)];
  return named(provider, exchange.params.join('/'), more =>
    exchange.reply.json(201, { id: 'p1', status: 'succeeded', output }, more),
  );
}

function falImages(exchange: Exchange, provider: string): TaskCall | undefined {
  const json = jsonBody(exchange);
  if (!isObject(json) || typeof json.prompt !== 'string') return undefined;
  const images = [{ url: imageUrl(exchange, json.prompt), content_type: 'image/png' }];
  return named(provider, exchange.params[0] ?? '', more => {
    const headers = { 'x-fal-request-id': 'r1', 'x-fal-billable-units': '1', ...more };
    exchange.reply.json(200, { images, prompt: json.prompt }, headers);
  });
}

/** URL of the finished image; it needs no key. */
function imageUrl({ world }: Exchange, prompt: string): string {
  return `${world.urls.cdn}/outputs/${encodeURIComponent(prompt)}.png`;
}

function named(provider: string, providerId: string, send: TaskCall['send']): TaskCall {
  return { provider, providerId, model: taskModelAt(provider, providerId), send };
}
