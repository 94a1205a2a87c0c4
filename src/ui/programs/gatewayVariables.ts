import type { BillingProfile } from '../../billing/profile.ts';
import {
  anyFamily,
  type Families,
  type GatewayAddress,
  programVariables,
} from '../../gateway/programVariables.ts';

/** What the command `headroom` needs in a terminal. */
export interface CommandContext {
  /** Of the ledger. */
  readonly directory: string;
  /** Undefined: no folder is open. */
  readonly workspace?: string;
  /** Of `commandVariables`. */
  readonly command: Readonly<Record<string, string>>;
}

/**
 * Variables of terminals, tasks and debug sessions; none without a family or without a gateway. Those of the
 * command are all there, empty or not: a workspace's settings would decide a missing one.
 */
export function terminalVariables(
  families: Families,
  address: GatewayAddress | undefined,
  profile: BillingProfile,
  { directory, workspace = '', command }: CommandContext,
): Readonly<Record<string, string>> {
  if (!address || !anyFamily(families)) return {};
  return {
    ...programVariables(families, address, profile),
    ...command,
    HEADROOM_STATE: directory,
    HEADROOM_WORKSPACE: workspace,
  };
}

/** Two lines of Python that set the variables: a kernel inherits none from terminals. */
export function notebookCell(variables: Readonly<Record<string, string>>): string {
  // a one-line string in JSON is one in Python, too
  const entries = Object.entries(variables).map(([name, value]) => `"${name}": ${JSON.stringify(value)}`);
  return `import os\nos.environ.update({${entries.join(', ')}})\n`;
}

/** An address with a key of another server would send that key there. */
const inseparable: readonly (readonly string[])[] = [
  ['OPENAI_BASE_URL', 'OPENAI_API_KEY'],
  ['ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_API_KEY'],
  ['HF_ENDPOINT', 'HF_BILL_TO'],
];

/** The offered variables without those that a program sets itself, and without the rest of their families. */
export function withoutFamiliesOf(
  taken: readonly string[],
  offered: Readonly<Record<string, string>>,
): Record<string, string> {
  const own = new Set([
    ...taken,
    ...inseparable.filter(family => family.some(name => taken.includes(name))).flat(),
  ]);
  return Object.fromEntries(Object.entries(offered).filter(([name]) => !own.has(name)));
}

/** Texts that turn the values of `before` into `wanted` when appended. Values appended by others stay. */
export function suffixes(
  wanted: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const entries = Object.entries(wanted).map(([name, value]) => {
    const there = before[name] || undefined;
    return [name, there !== undefined && value.startsWith(there) ? value.slice(there.length) : `,${value}`];
  });
  return Object.fromEntries(entries);
}
