import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { canPin } from './processUse.ts';
import type { Server } from './server.ts';

/** Output of `load.c`. */
export interface Slice {
  readonly responses: number;
  readonly seconds: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly firstByteP50Us: number;
  readonly bytes: number;
  readonly events: number;
  readonly merged: number;
  readonly held: number;
  readonly delayP50Us: number;
}

/** Model names that `upstream.c` knows. */
export type BenchModel = 'bench-json' | 'bench-burst' | 'bench-steps' | 'bench-open';

export interface Caller {
  readonly program: string;
  /** For request files. */
  readonly folder: string;
  readonly upstreamPort: number;
}

interface Plan {
  readonly callers: number;
  readonly seconds: number;
  readonly core: number;
}

/** One slice of load on one server. @throws when a request failed */
export async function measureLoad(
  caller: Caller,
  server: Server,
  model: BenchModel,
  plan: Plan,
): Promise<Slice> {
  const mode = model === 'bench-steps' ? 'steps' : 'closed';
  const file = chatFile(caller, server, model);
  const args = [mode, server.port, plan.callers, plan.seconds, file, caller.upstreamPort];
  return run<Slice>(caller, server, args, plan.core);
}

/** Seconds from the request to its response. */
export async function upload(caller: Caller, server: Server, bytes: number, core: number): Promise<number> {
  const route = '/router/hf-inference/models/openai/whisper-large-v3';
  const file = requestFile(caller, server, 'upload', route, { 'content-type': 'audio/flac' }, bytes);
  const { seconds } = await run<{ seconds: number }>(
    caller,
    server,
    ['upload', server.port, 1, 0, file, bytes],
    core,
  );
  return seconds;
}

/** Calls `measure` while `streams` responses are open. */
export async function whileOpen<T>(
  caller: Caller,
  server: Server,
  streams: number,
  measure: () => Promise<T>,
): Promise<T> {
  const args = ['open', server.port, streams, 0, chatFile(caller, server, 'bench-open')].map(String);
  const child = spawn('prlimit', ['--nofile=16384', caller.program, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(child.stdout, 'data');
    const { open, errors } = JSON.parse(String(line)) as { open: number; errors: number };
    if (open !== streams || errors > 0) throw new Error(`${server.name}: ${String(line)}`);
    return await measure();
  } finally {
    child.stdin.end();
  }
}

async function run<T>(caller: Caller, server: Server, args: readonly unknown[], core: number): Promise<T> {
  const command = [...(canPin ? ['taskset', '-c', core] : []), caller.program, ...args].map(String);
  const child = spawn(command[0] ?? '', command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  const output = await text(child.stdout);
  const result = JSON.parse(output || '{"errors":1}') as T & { errors: number; lastError?: string };
  if (result.errors > 0)
    throw new Error(`${server.name}: ${result.errors} failed (${result.lastError ?? args[0]})`);
  return result;
}

function chatFile(caller: Caller, server: Server, model: BenchModel): string {
  const body = JSON.stringify({
    model,
    stream: model !== 'bench-json',
    messages: [
      { role: 'system', content: 'You are a helpful assistant.' },
      { role: 'user', content: 'Say hello, please.' },
    ],
  });
  const headers = { 'content-type': 'application/json', 'user-agent': 'bench' };
  return requestFile(caller, server, model, '/v1/chat/completions', headers, body);
}

/** @param body its text, or only its length */
function requestFile(
  caller: Caller,
  server: Server,
  name: string,
  route: string,
  headers: Readonly<Record<string, string>>,
  body: string | number,
): string {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body;
  const lines = Object.entries({
    host: `127.0.0.1:${server.port}`,
    accept: '*/*',
    ...headers,
    ...server.headers,
    'content-length': length,
  }).map(([key, value]) => `${key}: ${value}\r\n`);
  const file = path.join(caller.folder, `${server.name}-${name}.http`.replaceAll(' ', '-'));
  writeFileSync(
    file,
    `POST ${route} HTTP/1.1\r\n${lines.join('')}\r\n${typeof body === 'string' ? body : ''}`,
  );
  return file;
}
