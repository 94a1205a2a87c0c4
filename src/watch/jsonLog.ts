/** The message of a line that a logger wrote as JSON; undefined: it is none. */
export function logMessage(line: string): { readonly message: string } | undefined {
  if (!/^\s*\{.{0,4000}"(?:level|severity|levelname|lvl|log\.level|loglevel|stream)"/i.test(line))
    return undefined;
  try {
    const log = JSON.parse(line) as Record<string, unknown>;
    const inner = [log.fields, log.record, log.jsonPayload].filter(
      each => typeof each === 'object' && each !== null,
    );
    const parts = [log, ...inner].flatMap(each => texts(each as Record<string, unknown>));
    if (parts.length === 0) return undefined;
    const place = [log.filename, log.target, log.logger, log.name].find(each => typeof each === 'string');
    return { message: `${parts.join(' ')}${typeof place === 'string' ? ` (${place})` : ''}` };
  } catch {
    return undefined;
  }
}

const names = [
  'message',
  'msg',
  'log',
  'event',
  'error',
  'err',
  'exception',
  'exc_info',
  'detail',
  'body',
  'response',
];

function texts(log: Readonly<Record<string, unknown>>): string[] {
  return names.flatMap(name => {
    const value = log[name];
    if (typeof value === 'string') return value === '' ? [] : [value];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    const { message, error } = value as { message?: unknown; error?: unknown };
    return [message, error].filter(each => typeof each === 'string');
  });
}
