import { huggingFaceServers } from '../../hub/servers.ts';
import { without } from '../admission/requestHead.ts';
import type { ResponseHead } from './responseHead.ts';

/** The fields that huggingface_hub and git-lfs parse or follow. */
const fields = 'url|commitUrl|pullRequestUrl|href';
/** Of the body that came, not of the one that goes on. */
const ofBody = new Set(['content-length', 'content-md5', 'digest', 'content-digest', 'repr-digest', 'etag']);

/** Replaces the Hub's addresses in JSON while it passes. */
export class HubAddresses {
  readonly #pattern: RegExp;
  readonly #here: string;
  readonly #longest: number;
  /** The end of what came: an address may begin in it. */
  #kept = '';

  /**
   * @param hubUrl without a trailing slash. Hugging Face's own address, which mirrors repeat, is replaced as well
   * @param here the Hub's address at the gateway
   */
  constructor(hubUrl: string, here: string) {
    const hubs = [hubUrl, huggingFaceServers.hubUrl].map(url => url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    this.#pattern = new RegExp(`("(?:${fields})"\\s{0,4}:\\s{0,4}")(?:${hubs.join('|')})(?=[/"?#])`, 'g');
    this.#longest = 64 + Math.max(hubUrl.length, huggingFaceServers.hubUrl.length);
    this.#here = here;
  }

  /** What can go on. */
  push(chunk: Buffer): Buffer {
    const text = this.#kept + chunk.toString('latin1');
    let done = 0;
    let out = '';
    for (const { 0: whole, 1: field = '', index } of text.matchAll(this.#pattern)) {
      out += text.slice(done, index) + field + this.#here;
      done = index + whole.length;
    }
    const end = Math.max(done, text.length - this.#longest);
    this.#kept = text.slice(end);
    return Buffer.from(out + text.slice(done, end), 'latin1');
  }

  /** The rest. */
  end(): Buffer {
    const rest = Buffer.from(this.#kept, 'latin1');
    this.#kept = '';
    return rest;
  }
}

/**
 * The head and the replacement of a body with addresses: plain JSON of a success, or of a 409, in which huggingface_hub
 * looks for the repository. Its length is not known before it has passed, so it goes out in chunks.
 */
export function replaceAddresses(
  head: ResponseHead,
  { hasAddresses, hubAddress }: { readonly hasAddresses: boolean; readonly hubAddress: string },
  hubUrl: string,
): { readonly head: ResponseHead; readonly addresses: HubAddresses } | undefined {
  const { status, isJson, contentEncoding, headers } = head;
  if (!hasAddresses || !isJson || contentEncoding !== undefined || (status > 299 && status !== 409)) {
    return undefined;
  }
  return {
    head: { ...head, contentLength: undefined, headers: without(headers, ofBody) },
    addresses: new HubAddresses(hubUrl, hubAddress),
  };
}
