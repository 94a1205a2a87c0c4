/** Where a request went, as far as is known; lower-case host without a port. */
export interface Address {
  readonly host: string;
  readonly path: string;
}

const unknownAddress: Address = { host: '', path: '' };
/** Without a name and password before the host, which each character of it would have to be looked at twice for. */
const usual = /^https?:\/\/([\w.-]+)(\/[^\s?#]*|$)/;
const parts = /^https?:\/\/(?:[^\s/?#@]*@)?([\w.-]+)(?::\d+)?(\/[^\s?#]*)?/i;
/** As Python's HTTP libraries and huggingface_hub print it. */
const printedUrl = /\burl:? ?['"]?(https?:\/\/[^\s'"<>]{1,500})/i;
const longestUrl = 4096;

/** The address in `url`, else the one that a printed refusal names. */
export function addressOf(url: string, text: string): Address {
  const known = url === '' && text.includes('://') ? (printedUrl.exec(text)?.[1] ?? '') : url;
  const match = known.length > longestUrl ? null : (usual.exec(known) ?? parts.exec(known));
  return match?.[1] === undefined ? unknownAddress : { host: match[1].toLowerCase(), path: match[2] ?? '' };
}
