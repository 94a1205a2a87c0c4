import { timingSafeEqual } from 'node:crypto';
import type { GatewayTarget } from '../../billing/route.ts';
import { isGatewayKey } from '../../limits/refusals/gatewayKey.ts';
import type { RequestHead } from './requestHead.ts';
import { isMessages } from './targets.ts';

/**
 * Who may come in: with the gateway's key; with a token of its own, which is then used in place of the developer's; or
 * anonymously, which no token of anybody's goes with.
 */
export type Admission =
  | { readonly ownToken?: string; readonly isAnonymous?: boolean }
  | { readonly status: 400 | 401 | 403; readonly code: string; readonly message: string };

export interface Door {
  /** @param target what `url`, the request line's target, asks for, as `parseTarget` has it */
  admit(
    method: string,
    url: string,
    target: GatewayTarget | undefined | 'malformed',
    head: RequestHead,
  ): Admission;
}

/** Longer than any token that Hugging Face gives out. */
const longestCredential = 4096;

const guest: Admission = {};
const anonymous: Admission = { isAnonymous: true };

/**
 * Lets in programs of this machine that know the key, and no web page: a page's request names its origin, or, after
 * its host name was pointed at 127.0.0.1, that host name. Those without a key or a token may read what the Hub shows to
 * everybody: Hugging Face's libraries ask for it so, and HF_ENDPOINT leads them here.
 */
export function openDoor(key: string, port: number): Door {
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
  const isKey = keyCheck(key);
  return {
    admit(method, url, target, head) {
      if (head.repeated !== undefined) {
        return refuse(
          400,
          'repeated_header',
          `The header ${head.repeated} is there more than once. Send it once.`,
        );
      }
      if (head.host === undefined || !hosts.has(head.host)) {
        return refuse(
          403,
          'host_not_allowed',
          `Headroom's gateway answers to http://127.0.0.1:${port} only. Use that address.`,
        );
      }
      if (head.origin !== undefined) {
        return refuse(
          403,
          'origin_not_allowed',
          "Headroom's gateway is for programs, not for web pages. Send the request from a program, without an Origin header.",
        );
      }
      const credential = credentialOf(head, url);
      if (credential === undefined) {
        const ofHub = typeof target === 'object' && target.kind === 'hub';
        if (ofHub && mayBeAnonymous(method, head)) return anonymous;
        return refuse(401, 'key_missing', ofHub ? hubAdvice : advice('No key was sent.'));
      }
      if (isKey(credential)) return guest;
      return isToken(credential)
        ? { ownToken: credential }
        : refuse(401, 'key_invalid', advice('This key is not the one of this gateway.'));
    },
  };
}

function refuse(status: 400 | 401 | 403, code: string, message: string): Admission {
  return { status, code, message };
}

function advice(what: string): string {
  return `${what} Send "Authorization: Bearer …" with the gateway's key, which terminals opened by Headroom have in their environment and "headroom gateway" prints.`;
}

/** A page could have a browser ask without a script of its own: then no origin is named, but a browser says so. */
function mayBeAnonymous(method: string, { apiKey, isOfBrowser }: RequestHead): boolean {
  return (method === 'GET' || method === 'HEAD') && apiKey === undefined && !isOfBrowser;
}

const hubAdvice =
  'No token was sent. Set HF_TOKEN to a token of Hugging Face: without one programs can only read what is public.';

/** `x-api-key` counts where Anthropic's SDK sends it, and only when it is the one credential. */
function credentialOf(head: RequestHead, url: string): string | undefined {
  if (head.authorization === undefined) return isMessages(url) ? head.apiKey : undefined;
  const bearer = /^bearer +([\x21-\x7e]+)$/i.exec(head.authorization);
  return bearer?.[1] ?? '';
}

/** A token of Hugging Face that is no key of any gateway. Those of OAuth (`hf_oauth_…`) hold a JWT: RFC 6750's characters. */
function isToken(credential: string): boolean {
  return (
    credential.length <= longestCredential &&
    /^hf_[A-Za-z0-9._~+/=-]{6,}$/.test(credential) &&
    !isGatewayKey(credential)
  );
}

/** In a time that does not tell how much of it was right. */
function keyCheck(key: string): (credential: string) => boolean {
  if (key.length < 16) throw new Error('The key of the gateway is too short');
  const expected = Buffer.from(key, 'latin1');
  const given = Buffer.alloc(expected.length);
  return credential => {
    // a shorter one leaves some of the last one there, and is too short
    given.write(credential, 'latin1');
    return timingSafeEqual(given, expected) && credential.length === expected.length;
  };
}
