// Who may talk to the served workbench: it has a shell, every file, and perhaps a real token in its environment.
import crypto from 'node:crypto';

const cookieName = 'headroom-host';

/** Lets in whoever opens the address with the secret once, as the browser's cookie from then on; nobody else. */
export class Door {
  constructor() {
    this.secret = crypto.randomBytes(24).toString('base64url');
  }

  /** Answers for the workbench unless the caller may pass: true then. */
  admits(request, response, port) {
    if (!isOwnHost(request.headers.host, port)) return refuse(response, 'Another host name leads here.');
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

  /** The same for a WebSocket, which only a page that was let in opens. */
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

/** A page of another name that was made to resolve to this machine must not get in (DNS rebinding). */
function isOwnHost(host, port) {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}

function same(a, b) {
  const digest = text => crypto.createHash('sha256').update(text).digest();
  return crypto.timingSafeEqual(digest(a), digest(b));
}

function refuse(response, why) {
  response.writeHead(403, { 'content-type': 'text/plain' });
  response.end(`${why}\n`);
  return false;
}
