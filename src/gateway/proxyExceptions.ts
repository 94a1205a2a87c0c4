type Environment = Readonly<Record<string, string | null | undefined>>;

const thisMachine = ['127.0.0.1', 'localhost'];
/** Some programs read one spelling only, and most take the second one where both are there. */
const spellings = ['NO_PROXY', 'no_proxy'] as const;

/**
 * What keeps a program's requests to the gateway, with its key, from the proxy that its environment names: `NO_PROXY`
 * with this machine in it, in each spelling that has to change. Nothing where no proxy is named.
 */
export function proxyExceptions(environment: Environment): Readonly<Record<string, string>> {
  if (!namesProxy(environment)) return {};
  const changes: Record<string, string> = {};
  for (const spelling of spellings) {
    const list = environment[spelling] || environment[other(spelling)] || '';
    const whole = withThisMachine(list);
    if (whole !== environment[spelling]) changes[spelling] = whole;
  }
  return changes;
}

/** Also those for https: some programs send everything there. */
function namesProxy(environment: Environment): boolean {
  return Object.entries(environment).some(([name, value]) => value && /^(https?|all)_proxy$/i.test(name));
}

function other(spelling: (typeof spellings)[number]): (typeof spellings)[number] {
  return spelling === 'NO_PROXY' ? 'no_proxy' : 'NO_PROXY';
}

/** A star that stands alone excepts everything, and beside others it would not any more. */
function withThisMachine(list: string): string {
  if (list.trim() === '*') return list;
  const hosts = list.split(/[,\s]+/);
  const missing = thisMachine.filter(host => !hosts.includes(host));
  return [...(list.trim() === '' ? [] : [list]), ...missing].join(',');
}
