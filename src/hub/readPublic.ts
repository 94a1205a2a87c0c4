import { HubError } from './hubError.ts';

/**
 * Reads what everybody may read, with the token where there is one, since without it calls are refused sooner. Hugging
 * Face refuses a token that is not valid any more there, too: then without it.
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
