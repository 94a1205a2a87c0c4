// Access to the served workbench, which has a shell, every file, and perhaps a real token in its environment.
import crypto from 'node:crypto';

const cookieName = 'headroom-host';

/** The address with the secret sets a cookie. Requests without that cookie are refused. */
export class WorkbenchAccess {
  constructor() {
    this.secret = crypto.randomBytes(24).toString('base64url');
  }

  /** Whether the request may go on. If not, it is answered here. */
  admits(request, response, port) {
    if (!isOwnHost(request.headers.host, port)) return refuse(response, 'This is another host name.');
    if (this.#hasCookie(request)) return true;
    const url = new URL(request.url, `http://${request.headers.host}`);
    if (!same(url.searchParams.get('key') ?? '', this.secret))
      return refuse(response, 'Open the address that was printed.');
    url.searchParams.delete('key');
    response.writeHead(302, {
      'set-cookie': `${cookieName}-${port}=${this.secret}; HttpOnly; SameSite=Strict; Path=/`,
      location: url.pathname + url.search,
    });
    response.end();
    return false;
  }

  /** The same for a WebSocket, which is not answered here. */
  admitsUpgrade(request, port) {
    return isOwnHost(request.headers.host, port) && this.#hasCookie(request);
  }

  #hasCookie({ headers }) {
    const cookies = (headers.cookie ?? '')
      .split(/;\s*/)
      .filter(cookie => cookie.startsWith(`${cookieName}-`));
    return cookies.some(cookie => same(cookie.slice(cookie.indexOf('=') + 1), this.secret));
  }
}

/** Against DNS rebinding: a page's host name that resolves to this machine. */
function isOwnHost(host, port) {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}

function same(a, b) {
  const digest = text => crypto.createHash('sha256').update(text).digest();
  return crypto.timingSafeEqual(digest(a), digest(b));
}

function refuse(response, reason) {
  response.writeHead(403, { 'content-type': 'text/plain' });
  response.end(`${reason}\n`);
  return false;
}
