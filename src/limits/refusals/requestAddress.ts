/** A request's host, in lower case without a port, and path; empty when unknown. */
export interface Address {
  readonly host: string;
  readonly path: string;
}

const unknownAddress: Address = { host: '', path: '' };
/** Faster than `parts`: without user and password, which make it read each character of the host twice. */
const usual = /^https?:\/\/([\w.-]+)(\/[^\s?#]*|$)/;
const parts = /^https?:\/\/(?:[^\s/?#@]*@)?([\w.-]+)(?::\d+)?(\/[^\s?#]*)?/i;
/** As Python's HTTP libraries and huggingface_hub print it. */
const printedUrl = /\burl:? ?['"]?(https?:\/\/[^\s'"<>]{1,500})/i;
const longestUrl = 4096;

/** The address in `url`, else in the words of a printed refusal. */
export function addressOf(url: string, text: string): Address {
  const known = url === '' && text.includes('://') ? (printedUrl.exec(text)?.[1] ?? '') : url;
  const match = known.length > longestUrl ? null : (usual.exec(known) ?? parts.exec(known));
  return match?.[1] === undefined ? unknownAddress : { host: match[1].toLowerCase(), path: match[2] ?? '' };
}
