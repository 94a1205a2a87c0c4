import { longestHubKind, mostHubKinds } from '../bounds.ts';

/**
 * The Hub's bucket for each kind of request. HF documents those of APIs, files and pages only
 * (https://huggingface.co/docs/hub/rate-limits); the Hub's responses name the others.
 */
export class HubBuckets {
  readonly #reported = new Map<string, string>();

  /** @param path of the Hub, without a query. */
  bucketOf(path: string): string {
    const kind = kindOf(path);
    return this.#reported.get(kind) ?? published(kind);
  }

  /** A response named the bucket. */
  report(path: string, bucket: string): void {
    if (bucket === this.bucketOf(path)) return;
    if (this.#reported.size >= mostHubKinds) this.#reported.clear();
    this.#reported.set(kindOf(path), bucket);
  }
}

function published(kind: string): string {
  if (kind === 'file' || kind === '/api/resolve-cache') return 'resolvers';
  return kind.startsWith('/api/') ? 'api' : 'pages';
}

/** Without the names of users and repositories: they are many and never decide the bucket. */
function kindOf(path: string): string {
  if (path.startsWith('/api/')) {
    const end = path.indexOf('/', 5);
    return (end < 0 ? path : path.slice(0, end)).slice(0, longestHubKind);
  }
  return path.includes('/resolve/') || path.includes('/raw/') ? 'file' : 'page';
}
