import type { Reply } from '../http/reply.ts';

/** Sends `limit` rows from the cursor on. The Link header has the next page's URL, with an opaque cursor. */
export function sendPage(
  reply: Reply,
  rows: readonly unknown[],
  url: string,
  query: URLSearchParams,
  defaultLimit = 100,
): void {
  const limit = Math.min(1000, Math.max(1, Number(query.get('limit') ?? defaultLimit) || defaultLimit));
  const start = Number(Buffer.from(query.get('cursor') ?? '', 'base64url').toString() || 0);
  const next = new URLSearchParams(query);
  next.set('cursor', Buffer.from(String(start + limit)).toString('base64url'));
  const link = start + limit < rows.length ? `<${url}?${next}>; rel="next"` : undefined;
  reply.json(200, rows.slice(start, start + limit), { link });
}
