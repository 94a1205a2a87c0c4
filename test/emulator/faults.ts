import { isObject } from './patch.ts';
import type { ServerName } from './serverName.ts';

/** A failure on demand: the requests that it hits, and what happens to them. */
export interface Fault {
  /** Default: every server. */
  server?: ServerName;
  /** Prefix of the path; default: every path. */
  path?: string;
  method?: string;
  /** Number of requests that it hits, counted down; default: all. */
  count?: number;
  /** Number of matching requests to let through first, counted down. */
  skip?: number;
  kind: (typeof kinds)[number];
  /** delay: real ms before the request is handled. */
  delayMs?: number;
  /** Default: 500 for status, 200 for html. */
  status?: number;
  /** status: the JSON (or text) to send; default `{"error": …}`. */
  body?: unknown;
  headers?: Record<string, string>;
  /** wrong-type, missing-field: path into the JSON, such as `usage.inferenceProviders.usedNanoUsd`. */
  field?: string;
  value?: unknown;
  /** stall, half-body and reset-mid-body of a stream: number of writes before it; default 1. */
  afterWrites?: number;
}

const kinds = [
  'delay',
  'reset',
  'half-body',
  'malformed-json',
  'wrong-type',
  'missing-field',
  'status',
  'html',
  'stall',
  'reset-mid-body',
] as const;

/** Throws on an unknown kind, so that a test with a misspelt fault fails. */
export function parseFault(value: unknown): Fault {
  if (!isObject(value) || !kinds.some(kind => kind === value.kind)) {
    throw new Error(`Not a fault: ${JSON.stringify(value)}. Kinds: ${kinds.join(', ')}`);
  }
  return { ...value } as unknown as Fault;
}

/** The faults that hit this request: at most one delay and one other. Their counts go down. */
export function takeFaults(faults: Fault[], server: ServerName, method: string, path: string): Fault[] {
  const taken: Fault[] = [];
  for (const fault of faults) {
    if (fault.server && fault.server !== server) continue;
    if (fault.method && fault.method.toUpperCase() !== method) continue;
    if (!path.startsWith(fault.path ?? '')) continue;
    if (fault.skip) {
      fault.skip -= 1;
      continue;
    }
    if (fault.count === 0) continue;
    if (taken.some(({ kind }) => (kind === 'delay') === (fault.kind === 'delay'))) continue;
    if (fault.count !== undefined) fault.count -= 1;
    taken.push(fault);
  }
  return taken;
}

/** Applies a fault to a complete body. */
export function spoil(fault: Fault, body: Buffer): Buffer {
  if (fault.kind === 'malformed-json')
    return Buffer.concat([body.subarray(0, Math.max(1, body.length - 3)), Buffer.from(',,')]);
  if (fault.kind !== 'wrong-type' && fault.kind !== 'missing-field') return body;
  const json: unknown = JSON.parse(body.toString('utf8'));
  setField(json, (fault.field ?? '').split('.'), fault);
  return Buffer.from(JSON.stringify(json));
}

function setField(json: unknown, [key = '', ...rest]: string[], fault: Fault): void {
  if (Array.isArray(json) && key === '*') for (const item of json) setField(item, rest, fault);
  else if (isObject(json) || Array.isArray(json)) {
    const parent = json as Record<string, unknown>;
    if (rest.length > 0) setField(parent[key], rest, fault);
    else if (fault.kind === 'missing-field') delete parent[key];
    else parent[key] = fault.value ?? null;
  }
}

/** A captive portal's page, sent in place of the API's response. */
export const captivePortal =
  '<!DOCTYPE html><html><head><title>Sign in to Airport WiFi</title></head><body><h1>Welcome to Airport WiFi</h1><form action="/login"><button>Accept and connect</button></form></body></html>';
