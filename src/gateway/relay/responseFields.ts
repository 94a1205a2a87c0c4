/**
 * Header fields of responses that end at the gateway; docs/gateway.md says why, one by one. Those of the connection
 * (RFC 9110 §7.6.1); those that speak of upstream's origin, while a client would keep them for 127.0.0.1, which other
 * programs share; and credentials, which belong into requests.
 */
export const keptBackFields: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
  'accept-ch',
  'alt-svc',
  'clear-site-data',
  'critical-ch',
  'expect-ct',
  'nel',
  'origin-agent-cluster',
  'public-key-pins',
  'public-key-pins-report-only',
  'report-to',
  'reporting-endpoints',
  'service-worker-allowed',
  'set-cookie',
  'set-cookie2',
  'set-login',
  'strict-transport-security',
  'timing-allow-origin',
  'authorization',
  'cookie',
  'proxy-authorization',
];
const keptBack: ReadonlySet<string> = new Set(keptBackFields);

/** @param name in lower case */
export function isKeptBack(name: string): boolean {
  return keptBack.has(name) || name.startsWith('access-control-') || name.startsWith('x-headroom-');
}

/** Fields that a recipient needs before the body (RFC 9110 §6.5.1). */
const leadingFields: ReadonlySet<string> = new Set([
  'age',
  'cache-control',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'date',
  'expires',
  'host',
  'location',
  'max-forwards',
  'range',
  'retry-after',
  'trailer',
  'vary',
  'www-authenticate',
]);

/** @param name in lower case */
export function mayTrail(name: string): boolean {
  return !isKeptBack(name) && !leadingFields.has(name);
}
