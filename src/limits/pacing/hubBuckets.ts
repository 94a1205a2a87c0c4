const mostKinds = 200;

/**
 * The bucket that the Hub counts a request in. Which one is documented for APIs, files and pages only
 * (https://huggingface.co/docs/hub/rate-limits): for others it is what the Hub named for a request of that kind.
 */
export class HubBuckets {
  readonly #told = new Map<string, string>();

  /** @param path of the Hub, without a query. */
  bucketOf(path: string): string {
    const kind = kindOf(path);
    return this.#told.get(kind) ?? published(kind);
  }

  /** Tells whether it was another one than expected. */
  told(path: string, bucket: string): boolean {
    const kind = kindOf(path);
    if (bucket === (this.#told.get(kind) ?? published(kind))) return false;
    if (this.#told.size >= mostKinds) this.#told.clear();
    this.#told.set(kind, bucket);
    return true;
  }
}

function published(kind: string): string {
  if (kind === 'file' || kind === '/api/resolve-cache') return 'resolvers';
  return kind.startsWith('/api/') ? 'api' : 'pages';
}

/** Without the names of users and repositories, which are many and never decide it. */
function kindOf(path: string): string {
  if (path.startsWith('/api/')) {
    const end = path.indexOf('/', 5);
    return end < 0 ? path : path.slice(0, end);
  }
  return path.includes('/resolve/') || path.includes('/raw/') ? 'file' : 'page';
}
