import { parseArgs } from 'node:util';
import { type BillingProfile, parseProfile } from '../billing/profile.ts';

export type Command =
  | { readonly kind: 'help' | 'version' }
  /** `headroom gateway --ipc`: the editor sends the configuration over the channel of the child process. */
  | { readonly kind: 'gateway-of-editor' }
  | (CommonOptions & { readonly kind: 'status' })
  /** Without a profile: shows the one that is set. */
  | (CommonOptions & { readonly kind: 'bill'; readonly profile?: BillingProfile })
  | (CommonOptions & {
      readonly kind: 'gateway';
      readonly port: number;
      /** Profiles that may stand in, in this order. */
      readonly failover: readonly BillingProfile[];
      /** `observe`: limits are learned, no request is held. */
      readonly pacing: 'pace' | 'observe';
      /** `--budget`: for all that it bills. */
      readonly capNanoUsd?: number;
    })
  /** Without a change: shows the budget of the payer. `null` removes it. Nano-USD. */
  | (CommonOptions & {
      readonly kind: 'budget';
      /** Of the folder whose terminal this is. */
      readonly here: boolean;
      readonly monthNanoUsd?: number | null;
      readonly pauseAtNanoUsd?: number | null;
    })
  | (CommonOptions & {
      readonly kind: 'run';
      /** The program and its arguments. */
      readonly program: readonly [string, ...string[]];
      readonly capNanoUsd?: number;
    })
  | (CommonOptions & { readonly kind: 'refusals'; readonly sinceMs: number })
  | (CommonOptions & {
      readonly kind: 'explain';
      /** The command line that printed the text. */
      readonly command?: string;
    });

interface CommonOptions {
  readonly json: boolean;
  /** `--state` */
  readonly state?: string;
}

export type OptionsOf<Kind extends Command['kind']> = Omit<Extract<Command, { kind: Kind }>, 'kind'>;

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Exit code 2. The message is one sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** By command, besides `commonOptions`. */
const ownOptions: Readonly<Record<string, readonly string[]>> = {
  status: [],
  bill: [],
  gateway: ['port', 'failover', 'pacing', 'budget', 'ipc'],
  budget: ['set', 'pause-at', 'here'],
  run: ['cap'],
  refusals: ['since'],
  explain: ['command'],
};
const commonOptions = ['json', 'state', 'help', 'version'];

/** @throws UsageError */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const [name, ...words] = positionals;
  if (name === 'help') return { kind: 'help' };
  if (name === undefined) throw new UsageError('a command is missing.');
  const options = Object.hasOwn(ownOptions, name) ? ownOptions[name] : undefined;
  if (!options) throw new UsageError(`there is no command ${name}.`);
  const extra = name === 'run' ? undefined : words[name === 'bill' ? 1 : 0];
  if (extra !== undefined) throw new UsageError(`${name} takes no ${extra}.`);
  const foreign = Object.keys(values).find(each => ![...commonOptions, ...options].includes(each));
  if (foreign !== undefined) throw new UsageError(`${name} takes no --${foreign}.`);
  const { json, state, port, failover, pacing, since, ipc, command, budget, cap, set } = values;
  if (state?.trim() === '') throw new UsageError('--state needs a folder.');
  const common = { json, state };
  switch (name) {
    case 'bill':
      return { kind: name, profile: words.map(word => parsePayer(word, name))[0], ...common };
    case 'gateway':
      if (ipc) return { kind: 'gateway-of-editor' };
      return {
        kind: name,
        port: parsePort(port),
        failover: failover?.split(',').map(one => parsePayer(one.trim(), '--failover')) ?? [],
        pacing: parsePacing(pacing),
        capNanoUsd: parseAmount(budget, '--budget'),
        ...common,
      };
    case 'budget':
      return {
        kind: name,
        monthNanoUsd: set === 'none' ? null : parseAmount(set, '--set'),
        here: values.here === true,
        pauseAtNanoUsd: values['pause-at'] === 'none' ? null : parseAmount(values['pause-at'], '--pause-at'),
        ...common,
      };
    case 'run': {
      const [program, ...rest] = words;
      // else the program's own options would be taken for these
      const isApart = args.indexOf('--') === args.length - words.length - 1;
      if (program === undefined || !isApart) {
        throw new UsageError(
          'run needs -- and a program, such as headroom run --cap 0.50 -- python train.py.',
        );
      }
      return { kind: name, program: [program, ...rest], capNanoUsd: parseAmount(cap, '--cap'), ...common };
    }
    case 'refusals':
      return { kind: name, sinceMs: parseAge(since), ...common };
    case 'explain':
      return { kind: name, command, ...common };
    default:
      return { kind: 'status', ...common };
  }
}

/** @param taker the command or option, for the error */
function parsePayer(text: string, taker: string): BillingProfile {
  const profile = parseProfile(text);
  if (profile) return profile;
  const given = text || 'an empty name';
  throw new UsageError(`${taker} takes personal, org:NAME, group:ORG/ID or key:PROVIDER, not ${given}.`);
}

/** USD in nano-USD. */
function parseAmount(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const nanoUsd = /^\$?\d{1,6}(\.\d{1,9})?$/.test(text) ? Math.round(Number(text.replace('$', '')) * 1e9) : 0;
  if (nanoUsd > 0) return nanoUsd;
  throw new UsageError(`${option} needs an amount in US dollars, such as 5 or 0.50.`);
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

function parseAge(text = '24h'): number {
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
        budget: { type: 'string' },
        set: { type: 'string' },
        'pause-at': { type: 'string' },
        here: { type: 'boolean' },
        cap: { type: 'string' },
        ipc: { type: 'boolean' },
        command: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', short: 'v', default: false },
      },
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // the rest of Node's message explains `--`, which means nothing here
    throw new UsageError(`${error.message.replace(/\. .*$/s, '')}.`);
  }
}
