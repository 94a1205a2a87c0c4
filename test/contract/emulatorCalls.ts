import { Clock } from '../emulator/clock.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../emulator/server.ts';

/** In the middle of a month. */
const start = Date.UTC(2026, 9, 14, 9, 30);

export interface CallResult {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of any shape, checked by assertions
  readonly json: any;
}

/** An emulator whose clock stands still at `start`. */
export function frozenEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const clock = new Clock(() => start);
  clock.set({ rate: 0 });
  return startEmulator({ clock, ...options });
}

export interface CallOptions {
  readonly token?: string | null;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** Sends a request with the scenario's token, or with `options.token` (null: without one). */
export async function call(emulator: Emulator, url: string, options: CallOptions = {}): Promise<CallResult> {
  const token = options.token === undefined ? emulator.token : options.token;
  const response = await fetch(url, {
    method: options.method ?? (options.body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(options.body !== undefined && { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

export function hub(emulator: Emulator, path: string, options: CallOptions = {}): Promise<CallResult> {
  return call(emulator, emulator.hubUrl + path, options);
}

export function endpointsApi(
  emulator: Emulator,
  path: string,
  options: CallOptions = {},
): Promise<CallResult> {
  return call(emulator, `${emulator.endpointsUrl}/v2${path}`, options);
}

export function admin(
  emulator: Emulator,
  path: string,
  body?: unknown,
  method?: string,
): Promise<CallResult> {
  return call(emulator, emulator.adminUrl + path, {
    token: null,
    ...(body !== undefined && { body }),
    ...(method && { method }),
  });
}

export function chat(
  emulator: Emulator,
  model: string,
  options: CallOptions & { stream?: boolean } = {},
): Promise<CallResult> {
  const { stream, ...rest } = options;
  const body = {
    model,
    messages: [{ role: 'user', content: 'Say hello' }],
    ...(stream && { stream, stream_options: { include_usage: true } }),
  };
  return call(emulator, `${emulator.routerUrl}/v1/chat/completions`, { body, ...rest });
}

/** A `fetch` that sends requests for HF's and the providers' real hosts to the emulator. */
export function redirectedTo({ routerUrl, hubUrl, providerUrls }: Emulator): typeof fetch {
  return (input, init) => {
    const url = String(input)
      .replace('https://router.huggingface.co', routerUrl)
      .replace('https://huggingface.co', hubUrl)
      .replace('https://inference.api.nscale.com', providerUrls.nscale ?? '')
      .replace('https://api.together.xyz', providerUrls.together ?? '')
      .replace('https://api.replicate.com', providerUrls.replicate ?? '');
    return fetch(url, init);
  };
}

/** Query of usage-v2 for this month until now. */
export function thisMonth(emulator: Emulator): string {
  const now = emulator.world.clock.now();
  return `startDate=${Date.UTC(2026, 9, 1) / 1000}&endDate=${Math.floor(now / 1000)}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
