import { isObject } from './patch.ts';
import type { ServerName } from './world.ts';

/** Something that goes wrong on demand: which requests, and what happens to them. */
export interface Fault {
  /** Default: all three. */
  server?: ServerName;
  /** Prefix of the path; default: every path. */
  path?: string;
  method?: string;
  /** How many requests it hits; default: all. Counted down as it hits. */
  count?: number;
  /** Lets so many matching requests pass first. */
  skip?: number;
  kind:
    | 'delay'
    | 'reset'
    | 'half-body'
    | 'malformed-json'
    | 'wrong-type'
    | 'missing-field'
    | 'status'
    | 'html'
    | 'stall'
    | 'reset-mid-body';
  /** delay: real ms before the request is looked at. */
  delayMs?: number;
  /** status, html: default 500 and 200. */
  status?: number;
  /** status: the JSON (or text) to send; default `{"error": …}`. */
  body?: unknown;
  headers?: Record<string, string>;
  /** wrong-type, missing-field: path into the JSON, such as `usage.inferenceProviders.usedNanoUsd`. */
  field?: string;
  value?: unknown;
  /** stall, reset-mid-body of a stream: after so many writes; default 1. */
  afterWrites?: number;
}

const kinds = new Set<string>([
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
]);

/** Throws on what is no fault: a test with a misspelt one must not pass. */
export function parseFault(value: unknown): Fault {
  if (!isObject(value) || typeof value.kind !== 'string' || !kinds.has(value.kind)) {
    throw new Error(`Not a fault: ${JSON.stringify(value)}. Kinds: ${[...kinds].join(', ')}`);
  }
  return { ...value } as unknown as Fault;
}

/** Takes the faults that hit this request off the list's counts. A delay combines with the one fault after it. */
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

/** The bytes that a fault makes of a whole body. */
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

/** What a captive portal answers instead of the API. */
export const captivePortal =
  '<!DOCTYPE html><html><head><title>Sign in to Airport WiFi</title></head><body><h1>Welcome to Airport WiFi</h1><form action="/login"><button>Accept and connect</button></form></body></html>';
