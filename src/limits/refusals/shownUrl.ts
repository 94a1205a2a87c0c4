import { hasOddPiece } from './randomRuns.ts';
import { isSecretName } from './secretNames.ts';

const parts = /^([^/?#;]*)([^?#;]*)(;[^?#]*)?(\?[^#]*)?(#.*)?$/s;
/** A host or an IPv6 address, and a port. */
const place = /^(?:[\w.-]{1,255}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;
/** Names of models and files have shorter pieces, or such as are words. */
const shortestOddSegment = 12;
const shortestOddName = 8;
const queryName = /^[a-z_$][\w.[\]-]{0,40}$/i;

/**
 * What may be shown of a URL, from behind `://`: host, path, and the names in the query. No user, no password, no
 * values, no fragment.
 */
export function shownUrl(rest: string): string {
  const [, first = '', follows = '', matrix = '', query = '', fragment = ''] = parts.exec(rest) ?? [];
  // a password that is not encoded may hold `/` and `@`
  const user = first.includes('@') ? (first + follows).lastIndexOf('@') + 1 : 0;
  const [host = '', ...path] = (first + follows).slice(user).split('/');
  const isFile = host === '' && path.length > 0;
  if (!isFile && !place.test(host)) return '…';
  const ends = `${matrix && ';…'}${query && `?${shownQuery(query.slice(1))}`}${fragment.length > 1 ? '#…' : ''}`;
  return `${user > 0 ? '…@' : ''}${[host, ...shownPath(path)].join('/')}${ends}`;
}

function shownQuery(query: string): string {
  return query
    .split('&')
    .map(pair => {
      const equals = pair.indexOf('=');
      const name = equals < 0 ? pair : pair.slice(0, equals);
      if (!queryName.test(name) || hasOddPiece(name, shortestOddName)) return '…';
      return equals < 0 ? name : `${name}=…`;
    })
    .join('&');
}

/** Without what follows `/token/` and the like, and without short keys. Longer random runs are the redactor's. */
function shownPath(segments: readonly string[]): string[] {
  return segments.map((segment, index) => {
    const before = segments[index - 1] ?? '';
    const isSecret = segment !== '' && /^[a-z-]{1,20}$/i.test(before) && isSecretName(before);
    return isSecret || hasOddPiece(segment, shortestOddSegment) ? '…' : segment;
  });
}
