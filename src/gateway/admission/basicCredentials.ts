/** The password of Basic credentials (RFC 7617), empty if there is none. Undefined for another scheme. */
export function basicPassword(authorization: string): string | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('latin1');
  const colon = text.indexOf(':');
  return colon < 0 ? '' : text.slice(colon + 1);
}

/** A bearer token as git sends it. The Hub looks at the password only. */
export function asBasic(bearer: string): string {
  return `Basic ${Buffer.from(`user:${bearer.replace(/^Bearer /, '')}`, 'latin1').toString('base64')}`;
}
