const printed = ['console', 'stdout', 'stderr', 'important'];

/** The text of a Debug Adapter Protocol output event; undefined for other messages. */
export function outputOf(message: unknown): { category: string; text: string } | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { type, event, body } = message as { type?: unknown; event?: unknown; body?: unknown };
  if (type !== 'event' || event !== 'output' || typeof body !== 'object' || body === null) return undefined;
  const { category = 'console', output } = body as { category?: unknown; output?: unknown };
  if (typeof output !== 'string' || typeof category !== 'string' || !printed.includes(category))
    return undefined;
  return { category, text: output };
}
