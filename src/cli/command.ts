import { parseArgs } from 'node:util';
import { type BillingProfile, parseProfile } from '../billing/profile.ts';

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'status'; readonly json: boolean; readonly state?: string }
  /** Without a profile: shows the one that is set. */
  | {
      readonly kind: 'bill';
      readonly profile?: BillingProfile;
      readonly json: boolean;
      readonly state?: string;
    }
  | {
      readonly kind: 'gateway';
      readonly port: number;
      /** Who may stand in, in this order. */
      readonly failover: readonly BillingProfile[];
      /** Whether requests are held in front of limits. */
      readonly pacing: 'pace' | 'observe';
      readonly json: boolean;
      readonly state?: string;
    }
  /** The gateway as the editor starts it: everything else comes through the channel to it. */
  | { readonly kind: 'gateway-of-editor' }
  | { readonly kind: 'refusals'; readonly sinceMs: number; readonly json: boolean; readonly state?: string };

const defaultSince = '24h';
const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Wrong usage, in one sentence: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Which options a command takes besides `--json` and `--state`, and how many words. */
const shapes: Readonly<Record<string, { readonly options: readonly string[]; readonly words: number }>> = {
  status: { options: [], words: 0 },
  bill: { options: [], words: 1 },
  gateway: { options: ['port', 'failover', 'pacing', 'ipc'], words: 0 },
  refusals: { options: ['since'], words: 0 },
};

/** @throws UsageError */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const [name, ...words] = positionals;
  if (name === undefined) throw new UsageError('a command is missing.');
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
  if (!shape) throw new UsageError(`there is no command ${name}.`);
  const extra = words[shape.words];
  if (extra !== undefined) throw new UsageError(`${name} takes no ${extra}.`);
  for (const option of ['port', 'failover', 'pacing', 'ipc', 'since'] as const) {
    if (values[option] !== undefined && !shape.options.includes(option)) {
      throw new UsageError(`${name} takes no --${option}.`);
    }
  }
  const { json, state } = values;
  if (state?.trim() === '') throw new UsageError('--state needs a folder.');
  switch (name) {
    case 'bill':
      return { kind: 'bill', profile: parseWho(words[0]), json, state };
    case 'gateway':
      return values.ipc
        ? { kind: 'gateway-of-editor' }
        : {
            kind: name,
            port: parsePort(values.port),
            failover: parseFailover(values.failover),
            pacing: parsePacing(values.pacing),
            json,
            state,
          };
    case 'refusals':
      return { kind: name, sinceMs: parseAge(values.since ?? defaultSince), json, state };
    default:
      return { kind: 'status', json, state };
  }
}

function parseWho(text: string | undefined): BillingProfile | undefined {
  if (text === undefined) return undefined;
  const profile = parseProfile(text);
  if (profile) return profile;
  throw new UsageError(`bill takes personal, org:NAME, group:ORG/ID or key:PROVIDER, not ${text}.`);
}

function parseFailover(text: string | undefined): BillingProfile[] {
  if (text === undefined) return [];
  return text.split(',').map(one => {
    const profile = parseProfile(one.trim());
    if (profile) return profile;
    throw new UsageError(
      `--failover takes personal, org:NAME, group:ORG/ID and key:PROVIDER, with commas, not ${one.trim() || text}.`,
    );
  });
}

function parsePacing(text = 'pace'): 'pace' | 'observe' {
  if (text === 'pace' || text === 'observe') return text;
  throw new UsageError(`--pacing takes pace or observe, not ${text}.`);
}

function parsePort(text = '0'): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new UsageError('--port needs a number from 0 to 65535.');
}

function parseAge(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = Number(count) * (unitMs[unit] ?? Number.NaN);
  if (ms > 0) return ms;
  throw new UsageError('--since needs an age such as 30m, 24h or 7d.');
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        state: { type: 'string' },
        port: { type: 'string' },
        failover: { type: 'string' },
        pacing: { type: 'string' },
        since: { type: 'string' },
        ipc: { type: 'boolean' },
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // The rest of Node's message explains `--`, which takes nothing here.
    throw new UsageError(`${error.message.replace(/\. .*$/s, '')}.`);
  }
}
