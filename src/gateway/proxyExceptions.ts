type Environment = Readonly<Record<string, string | null | undefined>>;

const loopbackHosts = ['127.0.0.1', 'localhost'];
/** Some programs read only one spelling; most of those that read both prefer the lower-case one. */
const spellings = ['NO_PROXY', 'no_proxy'] as const;

/**
 * `NO_PROXY` with the loopback hosts added, in each spelling that has to change: keeps requests to the
 * gateway, which carry its key, away from the environment's proxy. Empty where no proxy is set.
 */
export function proxyExceptions(environment: Environment): Readonly<Record<string, string>> {
  if (!namesProxy(environment)) return {};
  const changes: Record<string, string> = {};
  for (const spelling of spellings) {
    const other = spelling === 'NO_PROXY' ? 'no_proxy' : 'NO_PROXY';
    const exceptions = withLoopback(environment[spelling] || environment[other] || '');
    if (exceptions !== environment[spelling]) changes[spelling] = exceptions;
  }
  return changes;
}

/** A proxy for https counts too: some programs send everything through it. */
function namesProxy(environment: Environment): boolean {
  return Object.entries(environment).some(([name, value]) => value && /^(https?|all)_proxy$/i.test(name));
}

/** `*` only works alone. */
function withLoopback(list: string): string {
  if (list.trim() === '*') return list;
  const hosts = list.split(/[,\s]+/);
  const missing = loopbackHosts.filter(host => !hosts.includes(host));
  return [...(list.trim() === '' ? [] : [list]), ...missing].join(',');
}
