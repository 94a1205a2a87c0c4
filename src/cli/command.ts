import { parseArgs } from 'node:util';

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'status'; readonly json: boolean; readonly state?: string };

export const usage = `Usage: headroom status [--json] [--state DIR]

Shows what Hugging Face says of your account: credits, rate limits, Inference
Endpoints and their quota, ZeroGPU, and the requests that were refused lately.

  --json       one JSON object; money in nano-USD, times in UTC, unknown is null
  --state DIR  where answers are remembered; default: HEADROOM_STATE, else the
               platform's folder for state
  --help, -h   this text
  --version    the version of Headroom

The token is the one that Hugging Face's own tools use: HF_TOKEN, else what
\`hf auth login\` left. Servers: HEADROOM_HUB_URL, HEADROOM_ROUTER_URL,
HEADROOM_ENDPOINTS_URL. Exit code: 0 when anything is known, 1 when nothing is,
2 on wrong usage.`;

/** Wrong usage, in one sentence: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const [name, extra] = positionals;
  if (name === undefined) throw new UsageError('a command is missing.');
  if (name !== 'status') throw new UsageError(`there is no command ${name}.`);
  if (extra !== undefined) throw new UsageError(`status takes no ${extra}.`);
  if (values.state?.trim() === '') throw new UsageError('--state needs a folder.');
  return { kind: 'status', json: values.json, state: values.state };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        state: { type: 'string' },
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
