/** The usage in a model's response; a missing field was not in it. */
export interface TokenUsage {
  /** Cached ones included, whatever the provider. */
  readonly promptTokens?: number;
  readonly completionTokens?: number;
  /** USD: the provider's own figure. */
  readonly costUsd?: number;
}

const name = '"usage"';
/** The longest usage seen, with details of each kind of token, has 600 characters. */
const mostUsage = 4096;
/** Objects to read, from the last one backwards. */
const mostObjects = 16;

/**
 * The last usage in a JSON body or in server-sent events: OpenAI's chat completions and responses,
 * Anthropic's messages; the end of a body is enough. Fields that the last usage lacks come from the ones
 * before: Anthropic sends the prompt's at the start of a stream. No event is parsed as a whole: a model's own
 * words are in strings, where each quote has a backslash before it. Never throws.
 */
export function tokenUsageIn(text: string): TokenUsage | undefined {
  let found: TokenUsage | undefined;
  let objects = 0;
  for (let at = text.lastIndexOf(name); at >= 0; at = at > 0 ? text.lastIndexOf(name, at - 1) : -1) {
    const start = objectAfter(text, at + name.length);
    if (start === undefined) continue;
    const usage = readUsage(text, start);
    found = found === undefined ? usage : { ...usage, ...found };
    if (found.promptTokens !== undefined && found.completionTokens !== undefined) break;
    if (++objects === mostObjects) break;
  }
  return found && Object.keys(found).length > 0 ? found : undefined;
}

/** Index of the object that is the value of a name; undefined for another value, such as `null`. */
function objectAfter(text: string, nameEnd: number): number | undefined {
  const colon = skipSpace(text, nameEnd);
  if (text[colon] !== ':') return undefined;
  const start = skipSpace(text, colon + 1);
  return text[start] === '{' ? start : undefined;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return at;
}

function readUsage(text: string, start: number): TokenUsage {
  const end = objectEnd(text, start);
  if (end === undefined) return {};
  try {
    return usageOf(JSON.parse(text.slice(start, end)));
  } catch {
    return {};
  }
}

/** One past the object's closing bracket. */
function objectEnd(text: string, start: number): number | undefined {
  const last = Math.min(text.length, start + mostUsage);
  let depth = 0;
  let quoted = false;
  for (let at = start; at < last; at += 1) {
    const char = text[at];
    if (char === '"') quoted = !quoted;
    else if (quoted) at += char === '\\' ? 1 : 0;
    else if (char === '{') depth += 1;
    else if (char === '}' && --depth === 0) return at + 1;
  }
  return undefined;
}

function usageOf(usage: Readonly<Record<string, unknown>>): TokenUsage {
  const cacheRead = count(usage.cache_read_input_tokens);
  const cacheWritten = count(usage.cache_creation_input_tokens);
  const input = count(usage.prompt_tokens) ?? count(usage.input_tokens);
  // Anthropic's `input_tokens` are without those read from or written to its cache.
  const prompt = input === undefined ? undefined : count(input + (cacheRead ?? 0) + (cacheWritten ?? 0));
  const total = count(usage.total_tokens);
  // Embeddings have no completion.
  const rest = prompt === undefined || total === undefined || total < prompt ? undefined : total - prompt;
  const completion = count(usage.completion_tokens) ?? count(usage.output_tokens) ?? rest;
  const cost = usage.estimated_cost;
  const found: { -readonly [Key in keyof TokenUsage]: TokenUsage[Key] } = {};
  if (prompt !== undefined) found.promptTokens = prompt;
  if (completion !== undefined) found.completionTokens = completion;
  if (typeof cost === 'number' && Number.isFinite(cost) && cost >= 0) found.costUsd = cost;
  return found;
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
