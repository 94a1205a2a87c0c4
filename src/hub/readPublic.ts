import { HubError } from './hubError.ts';

/**
 * Reads a public resource with the token, for the higher limit, and without it when Hugging Face refuses the
 * token: it does so for an expired one on public resources too.
 */
export async function readPublic<T>(
  token: string | undefined,
  read: (token: string | undefined) => Promise<T>,
): Promise<T> {
  try {
    return await read(token);
  } catch (error) {
    const refused = error instanceof HubError && error.kind === 'invalid-token';
    if (token === undefined || !refused) throw error;
    return await read(undefined);
  }
}
