import { selectRange } from '../http/byteRange.ts';
import { type Exchange, type Route, route } from '../http/exchange.ts';
import type { LfsFile, Repo } from '../state.ts';
import { signedUrl } from './cdn.ts';
import { commit, createRepo } from './commits.ts';
import { lfsBatch, oidOf, preupload } from './lfs.ts';
import { hubNotFound, repoNotFound } from './notFound.ts';
import { sendPage } from './pagination.ts';
import { canRead, repoSha, sha } from './repos.ts';

const kinds = [
  ['models', ''],
  ['datasets', 'datasets/'],
  ['spaces', 'spaces/'],
] as const;

export const fileRoutes: readonly Route[] = [
  route('POST', '/api/repos/create', createRepo),
  ...kinds.flatMap(([plural, prefix]) => [
    route('GET', `/${prefix}{owner}/{name}/resolve/{revision}/{path...}`, onRepo(prefix, resolve)),
    route('GET', `/${prefix}{owner}/{name}/raw/{revision}/{path...}`, onRepo(prefix, send)),
    route('GET', `/api/resolve-cache/${plural}/{owner}/{name}/{sha}/{path...}`, onRepo(prefix, send)),
    route('GET', `/api/${plural}/{owner}/{name}/tree/{revision}`, onRepo(prefix, tree)),
    route('POST', `/api/${plural}/{owner}/{name}/preupload/{revision}`, onRepo(prefix, preupload)),
    route('POST', `/api/${plural}/{owner}/{name}/commit/{revision}`, onRepo(prefix, commit)),
    route('POST', `/${prefix}{owner}/{name}.git/info/lfs/objects/batch`, onRepo(prefix, lfsBatch)),
  ]),
  route('GET', '/', page),
  route('GET', '/pricing', page),
  route('GET', '/settings/billing', page),
  route('GET', '/{owner}', page),
  route('GET', '/{owner}/{name}', page),
];

type RepoHandler = (exchange: Exchange, key: string, repo: Repo) => void;

/** The handler with the repository of the path, once the caller may read it. */
function onRepo(prefix: string, handle: RepoHandler): Route['handle'] {
  return exchange => {
    const key = `${prefix}${exchange.params[0]}/${exchange.params[1]}`;
    const repo = exchange.world.state.repos[key];
    if (!repo || !canRead(exchange, key)) return repoNotFound(exchange);
    handle(exchange, key, repo);
  };
}

/** Redirects to the resolve cache (relative URL) for a file in git, to a signed CDN URL for a large file. */
function resolve({ world, params, reply }: Exchange, key: string, repo: Repo) {
  const path = params[3] ?? '';
  const commitSha = repoSha(repo);
  const lfs = repo.lfs[path];
  if (lfs) {
    const oid = oidOf(lfs);
    return reply.bytes(302, Buffer.from('Found. Redirecting'), {
      ...fileHeaders(oid, lfs.size, commitSha),
      location: signedUrl(world, 'GET', lfs.size, oid),
      'content-type': 'text/plain',
    });
  }
  const content = repo.files[path];
  if (content === undefined) return reply.error(404, 'Entry not found', 'EntryNotFound');
  const plural = /^(datasets|spaces)\//.test(key) ? key : `models/${key}`;
  reply.bytes(307, Buffer.from('Temporary Redirect'), {
    ...fileHeaders(sha(content), Buffer.byteLength(content), commitSha),
    location: `/api/resolve-cache/${plural}/${commitSha}/${path.split('/').map(encodeURIComponent).join('/')}`,
    'content-type': 'text/plain',
  });
}

function fileHeaders(hash: string, size: number, commitSha: string) {
  return {
    etag: `"${hash}"`,
    'x-repo-commit': commitSha,
    'x-linked-etag': `"${hash}"`,
    'x-linked-size': size,
    'accept-ranges': 'bytes',
  };
}

/** The file as git stores it. */
function send({ params, headers, reply }: Exchange, _key: string, repo: Repo) {
  const path = params[3] ?? '';
  const content = repo.files[path] ?? (repo.lfs[path] && pointerOf(repo.lfs[path]));
  if (content === undefined) return reply.error(404, 'Entry not found', 'EntryNotFound');
  const bytes = Buffer.from(content);
  const { status, start, end, headers: rangeHeaders } = selectRange(headers.range, bytes.length);
  reply.bytes(status, bytes.subarray(start, end), {
    ...fileHeaders(sha(content), bytes.length, repoSha(repo)),
    'content-type': 'text/plain; charset=utf-8',
    ...rangeHeaders,
  });
}

/** The LFS pointer that git stores for a large file. */
function pointerOf(file: LfsFile): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${oidOf(file)}\nsize ${file.size}\n`;
}

/** GET …/tree: the files, in pages. */
function tree({ world, path, query, reply }: Exchange, _key: string, repo: Repo) {
  const inGit = Object.entries(repo.files).map(([path, text]) => ({
    type: 'file',
    path,
    size: Buffer.byteLength(text),
    oid: sha(text),
  }));
  const large = Object.entries(repo.lfs).map(([path, file]) => {
    const pointer = pointerOf(file);
    const lfs = { oid: oidOf(file), size: file.size, pointerSize: pointer.length };
    return { type: 'file', path, size: file.size, oid: sha(pointer), lfs };
  });
  sendPage(reply, [...inGit, ...large], `${world.urls.hub}${path}`, query);
}

/** A web page with a title and no content; it counts in the `pages` window. */
function page(exchange: Exchange) {
  const { world, path, reply } = exchange;
  const key = path.slice(1);
  const known =
    path === '/' ||
    key === 'pricing' ||
    key === 'settings/billing' ||
    key in world.state.users ||
    key in world.state.orgs;
  if (!known && !(world.state.repos[key] && canRead(exchange, key))) return hubNotFound(exchange);
  reply.html(
    200,
    `<!DOCTYPE html><html><head><title>Hugging Face</title></head><body><h1>${key.replaceAll('<', '') || 'Hugging Face'}</h1></body></html>`,
  );
}
