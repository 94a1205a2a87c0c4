import { timingSafeEqual } from 'node:crypto';
import type { GatewayTarget } from '../../billing/route.ts';
import { maxCredentialChars } from '../../limits/bounds.ts';
import {
  gatewayKeyPrefix,
  holdsGatewayKey,
  isGatewayKey,
  keyLetters,
  percentDecoded,
} from '../../limits/refusals/gatewayKey.ts';
import {
  type GatewayError,
  malformedTarget,
  notAllowed,
  notServed,
  noWebSocket,
  unframed,
} from '../errors.ts';
import { hasKeyForm } from '../gatewayKey.ts';
import { basicPassword } from './basicCredentials.ts';
import { isGit, isRead } from './hubRoutes.ts';
import type { RequestHead } from './requestHead.ts';
import { isMessages } from './targets.ts';

export type Caller =
  /** Showed the gateway's key. `isBasic`: as the password of Basic credentials. */
  | { readonly kind: 'key'; readonly isBasic?: true }
  /** Showed a token of its own, which is used in place of the developer's. */
  | { readonly kind: 'token'; readonly token: string; readonly isBasic?: true }
  /** Showed nothing; no token goes with its requests. */
  | { readonly kind: 'anonymous' };

export interface Admission {
  /** @param url the request line's target, parsed as `target` */
  admit(
    method: string,
    url: string,
    target: GatewayTarget | undefined | 'malformed',
    head: RequestHead,
  ): Caller | GatewayError;
}

/**
 * So much of the key in a token is no chance, and too much to guess: a program without the key that sent tokens of 8 KiB
 * and watched which are refused would need 10^13 of them.
 */
const keyPartChars = 12;
/** A token that is nothing but a part of the key may be shorter: each of them is one guess of 10^11. */
const shortestKeyPart = 8;

const withKey: Caller = { kind: 'key' };
const withBasicKey: Caller = { kind: 'key', isBasic: true };
const anonymous: Caller = { kind: 'anonymous' };

/**
 * Admits programs of this machine that have the key, and no web page: a page's request names its origin, or, when its
 * host name was pointed at 127.0.0.1, that host name. Without key or token the Hub's public parts can be read:
 * Hugging Face's libraries do so, and HF_ENDPOINT leads them here.
 */
export function createAdmission(key: string, port: number): Admission {
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
  const isKey = keyCheck(key);
  const holdsKeyPart = keyPartCheck(key);
  const callerOf = (
    method: string,
    target: GatewayTarget | undefined | 'malformed',
    head: RequestHead,
  ): Caller | GatewayError => {
    const { apiKey } = head;
    // beside another credential, too: a program that shows the key of another window's gateway belongs there
    if (apiKey !== undefined && hasKeyForm(apiKey) && !isKey(apiKey)) return wrongKey(apiKey);
    const path = hubPathOf(target);
    const password = path === undefined ? undefined : basicPassword(head.authorization ?? '');
    const credential = password ?? credentialOf(head, target);
    if (credential === undefined) {
      if (path === undefined) return refuse(401, 'key_missing', advice('No key was sent.'));
      return isRead(method, path) && mayBeAnonymous(head) ? anonymous : missingToken(path);
    }
    const isBasic = password !== undefined;
    if (isKey(credential)) return isBasic ? withBasicKey : withKey;
    return isToken(credential) && !holdsKeyPart(credential)
      ? { kind: 'token', token: credential, ...(isBasic && { isBasic }) }
      : challenged(wrongKey(credential), path);
  };
  return {
    admit(method, url, target, head) {
      if (head.repeated !== undefined) {
        return refuse(
          400,
          'repeated_header',
          `The header ${head.repeated} came more than once. Send it once.`,
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
      const caller = callerOf(method, target, head);
      if ('status' in caller) return caller;
      if (holdsGatewayKey(percentDecoded(url))) {
        return refuse(
          400,
          'key_in_url',
          'The URL holds a key of Headroom\'s gateway, which is not forwarded. Send the key as "Authorization: Bearer …" only.',
        );
      }
      return unsupportedRequest(method, target, head) ?? caller;
    },
  };
}

function refuse(status: 400 | 401 | 403, code: string, message: string): GatewayError {
  return { status, code, message };
}

/** Keys are compared exactly, and whatever resembles one is never forwarded as a token. */
function wrongKey(credential: string): GatewayError {
  if (hasKeyForm(credential)) {
    return refuse(
      401,
      'key_of_another_gateway',
      'This key belongs to another gateway of Headroom: another window\'s, or one that has ended or has a new key. Nothing was sent or billed. Use the address and key of one gateway: open a new terminal in the window that should pay, or take both from what "headroom gateway" printed.',
    );
  }
  return refuse(401, 'key_invalid', advice('This is not the key of this gateway.'));
}

function advice(what: string): string {
  return `${what} Send "Authorization: Bearer …" with the gateway's key: terminals opened by Headroom have it in their environment, and "headroom gateway" prints it.`;
}

/** A page can make a browser ask without naming an origin, but the browser then says what it asks for. */
function mayBeAnonymous({ apiKey, isFromBrowser }: RequestHead): boolean {
  return apiKey === undefined && !isFromBrowser;
}

/** Without the query. Undefined: not the Hub's. */
export function hubPathOf(target: GatewayTarget | undefined | 'malformed'): string | undefined {
  return typeof target === 'object' && target.kind === 'hub' ? target.path.replace(/\?.*$/s, '') : undefined;
}

/** The Hub is asked for more than what is public. @param path of the Hub, without the query */
export function missingToken(path: string): GatewayError {
  return challenged(refuse(401, 'key_missing', hubAdvice), path);
}

/** git asks for a password, and sends it, only after this header. */
function challenged(error: GatewayError, path: string | undefined): GatewayError {
  if (path === undefined || !isGit(path)) return error;
  const message = `${error.message} git takes it as the password.`;
  return { ...error, message, headers: ['www-authenticate', 'Basic realm="Headroom"'] };
}

const hubAdvice =
  'No token was sent. Set HF_TOKEN to a token of Hugging Face: without one programs can only read what is public.';

/** `x-api-key` counts where Anthropic's SDK sends it, and only as the one credential. */
function credentialOf(
  head: RequestHead,
  target: GatewayTarget | undefined | 'malformed',
): string | undefined {
  if (head.authorization === undefined) {
    const isRouter = typeof target === 'object' && target.kind === 'router';
    return isRouter && isMessages(target.path) ? head.apiKey : undefined;
  }
  const bearer = /^bearer +([\x21-\x7e]+)$/i.exec(head.authorization);
  return bearer?.[1] ?? '';
}

/** A token of Hugging Face that is no gateway's key. OAuth's (`hf_oauth_…`) hold a JWT: RFC 6750's characters. */
function isToken(credential: string): boolean {
  return (
    credential.length <= maxCredentialChars &&
    /^hf_[A-Za-z0-9._~+/=-]{6,}$/.test(credential) &&
    !isGatewayKey(credential)
  );
}

/** Constant time. */
function keyCheck(key: string): (credential: string) => boolean {
  if (key.length < 16) throw new Error('The key of the gateway is too short');
  const expected = Buffer.from(key, 'latin1');
  const given = Buffer.alloc(expected.length);
  return credential => {
    // a shorter credential leaves bytes of the last one, but fails on its length
    given.write(credential, 'latin1');
    return timingSafeEqual(given, expected) && credential.length === expected.length;
  };
}

/** Whether a token has a part of the key in it, in any letter case and with any punctuation. */
function keyPartCheck(key: string): (credential: string) => boolean {
  const letters = keyLetters(key.slice(gatewayKeyPrefix.length));
  const parts = new Set(partsOf(letters, keyPartChars));
  const starts = new Set(partsOf(letters, shortestKeyPart));
  // a lookup in a set takes as long for a part that is almost right
  return credential => {
    const given = keyLetters(credential);
    if (partsOf(given, keyPartChars).some(part => parts.has(part))) return true;
    const body = partsOf(given.replace(/^hf/, ''), shortestKeyPart);
    return body.length > 0 && body.every(part => starts.has(part));
  };
}

function partsOf(letters: string, length: number): string[] {
  const count = Math.max(0, letters.length - length + 1);
  return Array.from({ length: count }, (_, at) => letters.slice(at, at + length));
}

/** Why a request is not forwarded for any caller. @param target from `parseTarget` */
function unsupportedRequest(
  method: string,
  target: GatewayTarget | undefined | 'malformed',
  head: RequestHead,
): GatewayError | undefined {
  if (target === 'malformed') return malformedTarget;
  if (method === 'TRACE' || method === 'CONNECT') return notAllowed;
  if (head.wantsWebSocket) return noWebSocket;
  const { transferEncoding, contentLength } = head;
  if (transferEncoding !== undefined) {
    if (contentLength !== undefined || transferEncoding.toLowerCase() !== 'chunked') return unframed;
  }
  return target === undefined ? notServed : undefined;
}
