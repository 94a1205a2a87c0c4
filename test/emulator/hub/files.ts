import { selectRange } from '../http/byteRange.ts';
import { type Exchange, type Route, route } from '../http/exchange.ts';
import type { Repo } from '../state.ts';
import { signedUrl } from './cdn.ts';
import { commit } from './commits.ts';
import { createRepo } from './createRepo.ts';
import { bytesOf, gitObject } from './gitObjects.ts';
import { commitAt, historyOf, mainRef } from './history.ts';
import { lfsBatch, lfsVerify, preupload } from './lfs.ts';
import { oidOf, pointerOf } from './lfsPointer.ts';
import { entryNotFound, hubNotFound, revisionNotFound } from './notFound.ts';
import { canRead, onFiles, onRepo } from './repoAccess.ts';
import { repoKinds } from './repos.ts';
import { pathsInfo, tree } from './tree.ts';

export const fileRoutes: readonly Route[] = [
  route('POST', '/api/repos/create', createRepo),
  ...repoKinds.flatMap(([plural, prefix]) => [
    route('GET', `/${prefix}{owner}/{name}/resolve/{revision}/{path...}`, onFiles(prefix, resolve)),
    route('GET', `/${prefix}{owner}/{name}/raw/{revision}/{path...}`, onFiles(prefix, send)),
    route('GET', `/api/resolve-cache/${plural}/{owner}/{name}/{sha}/{path...}`, onFiles(prefix, send)),
    route('GET', `/api/${plural}/{owner}/{name}/tree/{revision}`, onRepo(prefix, tree)),
    route('GET', `/api/${plural}/{owner}/{name}/tree/{revision}/{path...}`, onRepo(prefix, tree)),
    route('POST', `/api/${plural}/{owner}/{name}/paths-info/{revision}`, onRepo(prefix, pathsInfo)),
    route('GET', `/api/${plural}/{owner}/{name}/refs`, onRepo(prefix, refs)),
    route('POST', `/api/${plural}/{owner}/{name}/preupload/{revision}`, onRepo(prefix, preupload)),
    route('POST', `/api/${plural}/{owner}/{name}/commit/{revision}`, onRepo(prefix, commit)),
    route('POST', `/${prefix}{owner}/{name}.git/info/lfs/objects/batch`, onFiles(prefix, lfsBatch)),
    route('POST', `/${prefix}{owner}/{name}.git/info/lfs/objects/verify`, onRepo(prefix, lfsVerify)),
  ]),
  route('GET', '/', page),
  route('GET', '/pricing', page),
  route('GET', '/settings/billing', page),
  route('GET', '/{owner}', page),
  route('GET', '/{owner}/{name}', page),
];

/** Redirects to the resolve cache (relative URL) for a file in git, to a signed CDN URL for a large file. */
function resolve(exchange: Exchange, key: string, repo: Repo) {
  const { world, params, reply } = exchange;
  const [, , revision = '', path = ''] = params;
  const commit = commitAt(repo, revision, world.clock.now());
  if (!commit) return revisionNotFound(exchange, revision);
  const lfs = commit.lfs[path];
  if (lfs) {
    const oid = oidOf(lfs);
    return reply.bytes(302, Buffer.from('Found. Redirecting'), {
      ...fileHeaders(oid, lfs.size, commit.oid),
      location: signedUrl(world, 'GET', lfs.size, oid),
      'content-type': 'text/plain',
    });
  }
  const content = commit.files[path];
  if (content === undefined) return entryNotFound(exchange, commit.oid);
  const plural = /^(datasets|spaces)\//.test(key) ? key : `models/${key}`;
  const blob = gitObject('blob', bytesOf(content));
  reply.bytes(307, Buffer.from('Temporary Redirect'), {
    ...fileHeaders(blob.oid, blob.bytes.length, commit.oid),
    location: `/api/resolve-cache/${plural}/${commit.oid}/${path.split('/').map(encodeURIComponent).join('/')}`,
    'content-type': 'text/plain',
  });
}

function fileHeaders(hash: string, size: number, commitOid: string) {
  return {
    etag: `"${hash}"`,
    'x-repo-commit': commitOid,
    'x-linked-etag': `"${hash}"`,
    'x-linked-size': size,
    'accept-ranges': 'bytes',
  };
}

/** The file as git stores it. */
function send(exchange: Exchange, _key: string, repo: Repo) {
  const { world, params, headers, reply } = exchange;
  const [, , revision = '', path = ''] = params;
  const commit = commitAt(repo, revision, world.clock.now());
  if (!commit) return revisionNotFound(exchange, revision);
  const content = commit.files[path] ?? (commit.lfs[path] && pointerOf(commit.lfs[path]));
  if (content === undefined) return entryNotFound(exchange, commit.oid);
  const { oid, bytes } = gitObject('blob', bytesOf(content));
  const { status, start, end, headers: rangeHeaders } = selectRange(headers.range, bytes.length);
  reply.bytes(status, bytes.subarray(start, end), {
    ...fileHeaders(oid, bytes.length, commit.oid),
    'content-type': 'text/plain; charset=utf-8',
    ...rangeHeaders,
  });
}

/** GET …/refs: branches and tags. */
function refs({ world, reply }: Exchange, _key: string, repo: Repo) {
  commitAt(repo, mainRef, world.clock.now());
  const all = [...historyOf(repo).refs].map(([ref, targetCommit]) => {
    return { name: ref.replace(/^refs\/\w+\//, ''), ref, targetCommit };
  });
  const under = (folder: string) => all.filter(({ ref }) => ref.startsWith(folder));
  reply.json(200, { branches: under('refs/heads/'), converts: [], tags: under('refs/tags/') });
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
