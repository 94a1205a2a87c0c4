import type { BillingProfile } from '../../billing/profile.ts';
import { type Door, type Families, programVariables } from '../../gateway/programVariables.ts';

/** How `headroom bill` finds the window that it is run in. */
export interface SharedState {
  /** The ledger's folder. */
  readonly directory: string;
  /** Undefined: no folder is open, and the user's own choice counts. */
  readonly workspace?: string;
}

export function anyFamily({ openai, anthropic, huggingface }: Families): boolean {
  return openai || anthropic || huggingface;
}

/** What terminals, tasks and debug sessions get; nothing without a family, and nothing while no gateway runs. */
export function terminalVariables(
  families: Families,
  door: Door | undefined,
  profile: BillingProfile,
  { directory, workspace }: SharedState,
): Readonly<Record<string, string>> {
  if (!door || !anyFamily(families)) return {};
  return {
    ...programVariables(families, door, profile),
    HEADROOM_STATE: directory,
    ...(workspace && { HEADROOM_WORKSPACE: workspace }),
  };
}

/** Two lines of Python that set them in a notebook's kernel, which inherits neither a terminal's nor a debugger's. */
export function notebookCell(variables: Readonly<Record<string, string>>): string {
  // of one-line texts, JSON's form is Python's, too
  const entries = Object.entries(variables).map(([name, value]) => `"${name}": ${JSON.stringify(value)}`);
  return `import os\nos.environ.update({${entries.join(', ')}})\n`;
}

/** What a file of a launch configuration's `envFile` sets. */
export function variablesInEnvFile(text: string): Record<string, string> {
  const lines = text.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=(.*)$/gm);
  return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, unquoted(value.trim())]));
}

function unquoted(text: string): string {
  return /^(["'])(.*)\1$/.exec(text)?.[2] ?? text;
}

/** What belongs together: an address of ours with a key of somebody else's would send that key to us, or ours away. */
const families: readonly (readonly string[])[] = [
  ['OPENAI_BASE_URL', 'OPENAI_API_KEY'],
  ['ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_API_KEY'],
  ['HF_ENDPOINT', 'HF_BILL_TO'],
];

/** What a program gets that sets some variables itself: of each family all or nothing. */
export function withoutFamiliesOf(
  taken: readonly string[],
  offered: Readonly<Record<string, string>>,
): Record<string, string> {
  const own = new Set([
    ...taken,
    ...families.filter(family => family.some(name => taken.includes(name))).flat(),
  ]);
  return Object.fromEntries(Object.entries(offered).filter(([name]) => !own.has(name)));
}

/** What has to stand behind the values of before to make them these: nothing of what others put there gets lost. */
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

/** What has to be written so that `current` becomes `wanted`. */
export function variableChanges(
  current: ReadonlyMap<string, string>,
  wanted: Readonly<Record<string, string>>,
): { readonly replace: [name: string, value: string][]; readonly remove: string[] } {
  return {
    replace: Object.entries(wanted).filter(([name, value]) => current.get(name) !== value),
    remove: [...current.keys()].filter(name => !Object.hasOwn(wanted, name)),
  };
}
