import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { providerName } from '../billing/providers.ts';
import type { GatewayTarget } from '../billing/route.ts';

/** A response of the gateway's own. */
export interface GatewayError {
  readonly status: number;
  /** For programs. */
  readonly code: string;
  /** English; ends with what to do. */
  readonly message: string;
  /** Names and values in turn, beside those of the body. */
  readonly headers?: readonly string[];
}

/**
 * The form whose words a client shows to people. `huggingface`: `error` is a string, and the same words are in
 * `x-error-message`. `openai`: an object in `error`, which Anthropic's SDKs take as well. `git`: plain text,
 * beside the same header. `lfs`: as `huggingface`, and once more in `message`, which is all that git-lfs reads.
 */
export type ErrorForm = 'huggingface' | 'openai' | 'git' | 'lfs';

/** Hugging Face's own clients show no words of an `error` that is an object, or show it as a Python dictionary. */
export function errorForm(kind: GatewayTarget['kind'], userAgent = ''): ErrorForm {
  return kind === 'hub' || /(?:^|[\s;])(?:hf_hub|@huggingface\/[a-z]+)\//.test(userAgent)
    ? 'huggingface'
    : 'openai';
}

/** Body and headers of a response of the gateway's own. */
function errorAnswer(
  { code, message, headers: more = [] }: GatewayError,
  form: ErrorForm,
): { readonly headers: string[]; readonly body: Buffer } {
  // huggingface_hub prints header and body, and once what is the same in both
  const words = form === 'openai' ? message : headerText(message);
  const json =
    form === 'openai'
      ? { type: 'error', error: { message, type: 'headroom_error', param: null, code } }
      : { error: words, ...(form === 'lfs' && { message: words }) };
  const body = Buffer.from(form === 'git' ? `${message}\n` : JSON.stringify(json));
  const headers = [
    'content-type',
    form === 'git' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
    'content-length',
    String(body.length),
    ...more,
  ];
  if (form !== 'openai') headers.push('x-error-message', words, 'x-error-code', code);
  return { headers, body };
}

/**
 * @param mayBeDone upstream may have done the work. @param closes the client does not know whether its body is wanted
 */
export function sendError(
  response: ServerResponse,
  error: GatewayError,
  form: ErrorForm,
  { mayBeDone, closes }: { readonly mayBeDone: boolean; readonly closes: boolean },
): void {
  const { headers, body } = errorAnswer(error, form);
  if (mayBeDone) headers.push('x-should-retry', 'false');
  if (closes) headers.push('connection', 'close');
  response.writeHead(error.status, headers);
  response.end(body);
}

function bareAnswer(error: GatewayError): string {
  const { headers, body } = errorAnswer(error, 'openai');
  const lines = [`HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}`, 'connection: close'];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    lines.push(`${headers[index]}: ${headers[index + 1]}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n${body.toString()}`;
}

/** Answers a connection whose request was not read, and closes it. */
export function refuseConnection(socket: Socket, error: GatewayError): void {
  socket.end(bareAnswer(error), () => socket.destroySoon());
}

function headerText(text: string): string {
  return text.replaceAll('…', '...').replace(/[^\x20-\x7e]+/g, '?');
}

export const notServed: GatewayError = {
  status: 404,
  code: 'path_not_served',
  message:
    "Headroom's gateway serves /v1/…, /router/<provider>/… and /hub/…. Check the base URL: for OpenAI's SDKs it ends in /v1, for Anthropic's it has no path, for HF_ENDPOINT it is that of the second port, or ends in /hub.",
};

export const malformedTarget: GatewayError = {
  status: 400,
  code: 'path_malformed',
  message:
    'The path holds dot segments, backslashes, a fragment or another host, which the gateway does not forward. Send the plain path.',
};

export const notAllowed: GatewayError = {
  status: 405,
  code: 'method_not_allowed',
  message: "Headroom's gateway forwards no CONNECT and no TRACE. Use plain HTTP requests.",
};

/** Clients that try a WebSocket first, as Codex does, go on by HTTP at a 426 only. */
export const noWebSocket: GatewayError = {
  status: 426,
  code: 'websocket_not_served',
  message: "Headroom's gateway forwards no WebSockets. Send the request by HTTP.",
  // RFC 9110 §15.5.22 wants the first two; the client may have asked for the last one
  headers: ['upgrade', 'HTTP/1.1', 'connection', 'Upgrade, close'],
};

export const closing: GatewayError = {
  status: 503,
  code: 'gateway_closing',
  message: "Headroom's gateway is closing. Send the request again when it has been started anew.",
};

export const gatewayFailed: GatewayError = {
  status: 502,
  code: 'gateway_failed',
  message: "Headroom's gateway failed on this request. Send it again, and report it if it fails again.",
};

export const tooManyConnections: GatewayError = {
  status: 503,
  code: 'too_many_connections',
  message:
    'More connections are open to the gateway than it takes. Nothing was sent: send the request again, and fewer at a time. Where few files may be open, ulimit -n allows more.',
  headers: ['retry-after', '1'],
};

export const busy: GatewayError = {
  status: 503,
  code: 'gateway_busy',
  message: 'Too many large requests wait at the gateway at once. Send fewer at a time.',
};

export const tooManyStrangers: GatewayError = {
  status: 429,
  code: 'too_many_without_key',
  message:
    "Too many requests without the gateway's key are here at once. Send fewer at a time, or send the key: those with it don't wait for the others.",
  headers: ['retry-after', '1'],
};

export const slowHead: GatewayError = {
  status: 408,
  code: 'request_timeout',
  message: 'The head of the request did not arrive in time. Send it again.',
};

export const slowBody: GatewayError = {
  status: 408,
  code: 'request_timeout',
  message: 'The body of the request did not arrive in time. Send it again.',
};

export const unframed: GatewayError = {
  status: 400,
  code: 'bad_request',
  message:
    'The request says in two ways how long its body is. Send Content-Length or Transfer-Encoding: chunked, not both.',
};

export const unreadable: GatewayError = {
  status: 400,
  code: 'bad_request',
  message: 'The request is no valid HTTP/1.1. Check what the client sends.',
};

export const headersTooLarge: GatewayError = {
  status: 431,
  code: 'headers_too_large',
  message: 'The headers of the request are larger than 8 KiB. Send fewer or shorter ones.',
};

export function modelNotSupported(
  provider: string,
  model: string,
  others: readonly string[] = [],
): GatewayError {
  const named = model.slice(0, 200);
  const name = providerName(provider);
  return {
    status: 400,
    code: 'model_not_supported',
    message:
      others.length === 0
        ? `${name} does not serve ${named}, as far as Hugging Face knows. Choose another model, or switch billing.`
        : `${name} does not serve ${named}, as far as Hugging Face knows; ${others.map(providerName).join(', ')} do. Choose another model, or switch billing.`,
  };
}

export const modelUnknown: GatewayError = {
  status: 502,
  code: 'model_lookup_failed',
  message:
    "Hugging Face could not be asked for the provider's name of this model. Try again, or use /router/<provider>/ with the provider's own model name.",
};

/** With a provider's key the model in the body has to be read. @param coding in `Content-Encoding` */
export function compressed(coding: string): GatewayError {
  return {
    status: 415,
    code: 'body_compressed',
    message: `The model in the body can't be read, because the body is compressed (Content-Encoding: ${coding.slice(0, 60)}): it is no valid gzip, deflate, br or zstd, or longer than 32 MiB. A key of a provider needs the model. Send the body as JSON without Content-Encoding.`,
    headers: ['accept-encoding', 'gzip, deflate, br, zstd'],
  };
}
