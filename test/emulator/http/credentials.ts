import type { IncomingHttpHeaders } from 'node:http';
import { invalidCredentials } from '../identity.ts';
import type { ErrorForm } from './errorForm.ts';

/** The Messages API's key, and the password of git's Basic credentials, as a bearer token. */
export function authorizationOf(headers: IncomingHttpHeaders, form: ErrorForm): string | undefined {
  const { authorization, 'x-api-key': apiKey } = headers;
  if (authorization === undefined) return typeof apiKey === 'string' ? `Bearer ${apiKey}` : undefined;
  const password = passwordIn(authorization);
  return password === undefined || !isGit(form) ? authorization : `Bearer ${password}`;
}

/** Text of the 401 for credentials that are no valid token. git's passwords of old have their own. */
export function refusedCredentials({ authorization = '' }: IncomingHttpHeaders, form: ErrorForm): string {
  const password = passwordIn(authorization);
  return isGit(form) && password !== undefined && !password.startsWith('hf_')
    ? 'Password authentication in git is no longer supported. You must use a user access token or an SSH key instead. See https://huggingface.co/blog/password-git-deprecation'
    : invalidCredentials;
}

function isGit(form: ErrorForm): boolean {
  return form === 'git' || form === 'lfs';
}

function passwordIn(authorization: string): string | undefined {
  const basic = /^Basic (\S+)$/i.exec(authorization)?.[1];
  return (
    basic &&
    Buffer.from(basic, 'base64')
      .toString()
      .replace(/^[^:]*:/, '')
  );
}
