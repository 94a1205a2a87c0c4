import { type Exchange, jsonBody, type Route, route } from './exchange.ts';
import { refuseRepo } from './hubListings.ts';
import { refuseAction } from './hubRateLimits.ts';
import { canRead, canWrite, sha } from './hubRepos.ts';
import { isObject } from './patch.ts';
import type { Repo } from './state.ts';

const kinds = [
  ['models', ''],
  ['datasets', 'datasets/'],
  ['spaces', 'spaces/'],
] as const;

export const fileRoutes: readonly Route[] = [
  route('POST', '/api/repos/create', createRepo),
  ...kinds.flatMap(([plural, prefix]) => [
    route('GET', `/${prefix}{owner}/{name}/resolve/{revision}/{path...}`, at(prefix, resolve)),
    route('GET', `/${prefix}{owner}/{name}/raw/{revision}/{path...}`, at(prefix, send)),
    route('GET', `/api/resolve-cache/${plural}/{owner}/{name}/{sha}/{path...}`, at(prefix, send)),
    route('GET', `/api/${plural}/{owner}/{name}/tree/{revision}`, at(prefix, tree)),
    route('POST', `/api/${plural}/{owner}/{name}/preupload/{revision}`, at(prefix, preupload)),
    route('POST', `/api/${plural}/{owner}/{name}/commit/{revision}`, at(prefix, commit)),
  ]),
  route('GET', '/', page),
  route('GET', '/pricing', page),
  route('GET', '/settings/billing', page),
  route('GET', '/{owner}', page),
  route('GET', '/{owner}/{name}', page),
];

type OfRepo = (exchange: Exchange, key: string, repo: Repo) => void;

function at(prefix: string, handle: OfRepo): Route['handle'] {
  return exchange => {
    const key = `${prefix}${exchange.params[0]}/${exchange.params[1]}`;
    const repo = exchange.world.state.repos[key];
    if (!repo || !canRead(exchange, key)) return refuseRepo(exchange);
    handle(exchange, key, repo);
  };
}

/** The resolver answers with a redirect to the cached file, as HF does for files in git. */
function resolve(exchange: Exchange, key: string, repo: Repo) {
  const { params, reply } = exchange;
  const path = params[3] ?? '';
  const content = repo.files[path];
  if (content === undefined) return reply.error(404, 'Entry not found', 'EntryNotFound');
  const commitSha = sha(JSON.stringify(repo.files));
  const plural = key.includes('/') && /^(datasets|spaces)\//.test(key) ? key : `models/${key}`;
  reply.bytes(307, Buffer.from('Temporary Redirect'), {
    ...fileHeaders(content, commitSha),
    location: `/api/resolve-cache/${plural}/${commitSha}/${path.split('/').map(encodeURIComponent).join('/')}`,
    'content-type': 'text/plain',
  });
}

function fileHeaders(content: string, commitSha: string) {
  return {
    etag: `"${sha(content)}"`,
    'x-repo-commit': commitSha,
    'x-linked-etag': `"${sha(content)}"`,
    'x-linked-size': Buffer.byteLength(content),
    'accept-ranges': 'bytes',
  };
}

function send({ params, headers, reply }: Exchange, _key: string, repo: Repo) {
  const content = repo.files[params[3] ?? ''];
  if (content === undefined) return reply.error(404, 'Entry not found', 'EntryNotFound');
  const bytes = Buffer.from(content);
  const common = {
    ...fileHeaders(content, sha(JSON.stringify(repo.files))),
    'content-type': 'text/plain; charset=utf-8',
  };
  const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '');
  if (!range) return reply.bytes(200, bytes, common);
  const from = Number(range[1]);
  const to = Math.min(range[2] ? Number(range[2]) : Infinity, bytes.length - 1);
  if (from > to)
    return reply.bytes(416, Buffer.alloc(0), { ...common, 'content-range': `bytes */${bytes.length}` });
  reply.bytes(206, bytes.subarray(from, to + 1), {
    ...common,
    'content-range': `bytes ${from}-${to}/${bytes.length}`,
  });
}

function tree({ reply }: Exchange, _key: string, repo: Repo) {
  const rows = Object.entries(repo.files).map(([path, text]) => ({
    type: 'file',
    path,
    size: Buffer.byteLength(text),
    oid: sha(text),
  }));
  reply.json(200, rows);
}

function preupload(exchange: Exchange, key: string) {
  if (!canWrite(exchange, key))
    return exchange.reply.error(403, "You don't have the required permissions to perform this operation");
  const body = jsonBody(exchange);
  const files = isObject(body) && Array.isArray(body.files) ? body.files : [];
  exchange.reply.json(200, {
    files: files.map(file => ({
      path: isObject(file) ? file.path : '',
      uploadMode: 'regular',
      shouldIgnore: false,
    })),
  });
}

/** POST …/commit: lines of JSON, the header first. 128 in an hour, and the window is not to blame. */
function commit(exchange: Exchange, key: string, repo: Repo) {
  const { world, reply, body, params } = exchange;
  if (!canWrite(exchange, key))
    return reply.error(403, "You don't have the required permissions to perform this operation");
  const { commitsPerHour } = world.state.actions;
  if (!world.windows.take(`commits|${key}`, commitsPerHour, world.clock.now(), 1, 3600)) {
    return refuseAction(world, reply, 'repository commits', commitsPerHour, 3600);
  }
  for (const line of body.toString('utf8').split('\n').filter(Boolean)) {
    const { key: what, value } = JSON.parse(line) as {
      key: string;
      value: { path: string; content: string; encoding?: string };
    };
    if (what === 'file')
      repo.files[value.path] = Buffer.from(
        value.content,
        value.encoding === 'base64' ? 'base64' : 'utf8',
      ).toString();
    if (what === 'deletedFile') delete repo.files[value.path];
  }
  const commitOid = sha(JSON.stringify(repo.files));
  const commitUrl = `${world.urls.hub}/${key}/commit/${commitOid}`;
  reply.json(200, { success: true, commitOid, commitUrl, hookOutput: '', ref: `refs/heads/${params[2]}` });
}

function createRepo(exchange: Exchange) {
  const { world, identity, reply } = exchange;
  if (identity.kind === 'anonymous' || identity.kind === 'invalid')
    return reply.error(401, 'Invalid credentials in Authorization header');
  const body = jsonBody(exchange);
  const { name = '', type = 'model', organization } = (isObject(body) ? body : {}) as Record<string, string>;
  const key = `${type === 'model' ? '' : `${type}s/`}${organization ?? identity.name}/${name}`;
  if (!canWrite(exchange, key))
    return reply.error(403, "You don't have the rights to create a repository under this namespace");
  if (world.state.repos[key]) return reply.error(409, `You already created this ${type} repo`);
  const { spacesPerDay } = world.state.actions;
  if (
    type === 'space' &&
    !world.windows.take(`spaces|${identity.name}`, spacesPerDay, world.clock.now(), 1, 86_400)
  ) {
    return refuseAction(world, reply, 'space creation', spacesPerDay, 86_400);
  }
  world.state.repos[key] = {
    type: type as Repo['type'],
    private: false,
    gated: false,
    downloads: 0,
    likes: 0,
    lastModified: new Date(world.clock.told()).toISOString(),
    files: {},
  };
  reply.json(200, { url: `${world.urls.hub}/${key}`, name: `${organization ?? identity.name}/${name}` });
}

/** A web page: only that it is one, and that it counts in the window of pages. */
function page(exchange: Exchange) {
  const { world, path, reply } = exchange;
  const key = path.slice(1);
  const known =
    path === '/' ||
    key === 'pricing' ||
    key === 'settings/billing' ||
    key in world.state.users ||
    key in world.state.orgs;
  if (!known && !(world.state.repos[key] && canRead(exchange, key)))
    return reply.error(404, "Sorry, we can't find the page you are looking for.");
  reply.html(
    200,
    `<!DOCTYPE html><html><head><title>Hugging Face</title></head><body><h1>${key.replaceAll('<', '') || 'Hugging Face'}</h1></body></html>`,
  );
}
