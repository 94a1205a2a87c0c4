import { iso } from '../clock.ts';
import { type Exchange, jsonBody } from '../http/exchange.ts';
import { invalidCredentials, isAccount } from '../identity.ts';
import { isObject } from '../patch.ts';
import type { Repo } from '../state.ts';
import { addLfsFile } from './lfs.ts';
import { refuseAction } from './rateLimits.ts';
import { canWrite, repoSha } from './repos.ts';

/** POST …/commit: NDJSON, the header first. Limited to 128 per hour, apart from the `api` window. */
export function commit(exchange: Exchange, key: string, repo: Repo) {
  const { world, reply, body, params, headers } = exchange;
  if (!canWrite(exchange, key))
    return reply.error(403, "You don't have the required permissions to perform this operation");
  if (!headers['content-type']?.startsWith('application/x-ndjson') || !body.bytes)
    return reply.error(400, 'Invalid content-type: application/x-ndjson expected');
  const { commitsPerHour } = world.state.actions;
  if (!world.windows.take(`commits|${key}`, commitsPerHour, world.clock.now(), 1, 3600)) {
    return refuseAction(world, reply, 'repository commits', commitsPerHour, 3600);
  }
  const [header, ...operations] = linesOf(body.bytes);
  if (header?.key !== 'header' || typeof header.value.summary !== 'string')
    return reply.error(400, '✖ Invalid input: expected a header with a summary');
  for (const { key: operation, value } of operations) {
    const path = String(value.path);
    if (operation === 'file') {
      const encoding = value.encoding === 'base64' ? 'base64' : 'utf8';
      repo.files[path] = Buffer.from(String(value.content), encoding).toString();
      delete repo.lfs[path];
    } else if (operation === 'deletedFile') {
      delete repo.files[path];
      delete repo.lfs[path];
    } else if (operation !== 'lfsFile' || !addLfsFile(exchange, repo, value))
      return reply.error(
        400,
        `Your push was rejected because an LFS pointer pointed to a file that does not exist: ${path}`,
      );
  }
  const commitOid = repoSha(repo);
  const commitUrl = `${world.urls.hub}/${key}/commit/${commitOid}`;
  reply.json(200, { success: true, commitOid, commitUrl, hookOutput: '', ref: `refs/heads/${params[2]}` });
}

function linesOf(body: Buffer): { key: string; value: Record<string, unknown> }[] {
  return body
    .toString('utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line));
}

/** POST /api/repos/create: limited to 20 Spaces per day. */
export function createRepo(exchange: Exchange) {
  const { world, identity, reply } = exchange;
  if (!isAccount(identity)) return reply.error(401, invalidCredentials);
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
    lastModified: iso(world.clock.reportedNow()),
    files: {},
    lfs: {},
  };
  reply.json(200, { url: `${world.urls.hub}/${key}`, name: `${organization ?? identity.name}/${name}` });
}
