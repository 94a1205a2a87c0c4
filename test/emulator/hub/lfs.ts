import { type Exchange, jsonBody } from '../http/exchange.ts';
import { isAccount } from '../identity.ts';
import { isObject } from '../patch.ts';
import type { Repo } from '../state.ts';
import { signedUrl } from './cdn.ts';
import { bytesOf, gitObject } from './gitObjects.ts';
import { commitAt, headOf, historyOf } from './history.ts';
import { oidOf } from './lfsPointer.ts';
import { revisionNotFound } from './notFound.ts';
import { canWrite } from './repoAccess.ts';
import { fits, storageLimitReached } from './storage.ts';

const binary = /\.(?:7z|arrow|bin|gz|h5|mp4|onnx|parquet|pt|pth|safetensors|tar|wav|zip)$/;
const largestInGit = 10 * 2 ** 20;
const lfsType = { 'content-type': 'application/vnd.git-lfs+json; charset=utf-8' };

/** POST …/preupload: whether each file goes to git or to LFS, and the oid of the file that is there. */
export function preupload(exchange: Exchange, key: string, repo: Repo) {
  const { world, reply, params } = exchange;
  if (!canWrite(exchange, key))
    return reply.error(403, "You don't have the required permissions to perform this operation");
  const commit = commitAt(repo, params[2] ?? '', world.clock.now());
  if (!commit) return revisionNotFound(exchange, params[2] ?? '');
  const body = jsonBody(exchange);
  const files = isObject(body) && Array.isArray(body.files) ? body.files : [];
  const isFile = (file: unknown) =>
    isObject(file) &&
    typeof file.path === 'string' &&
    typeof file.size === 'number' &&
    typeof file.sample === 'string';
  if (files.length === 0 || !files.every(isFile))
    return reply.error(400, '✖ Invalid input: expected files with path, size and sample');
  reply.json(200, {
    files: files.map(({ path, size }: { path: string; size: number }) => {
      const [file, lfs] = [commit.files[path], commit.lfs[path]];
      const oid = lfs ? oidOf(lfs) : file !== undefined && gitObject('blob', bytesOf(file)).oid;
      return {
        path,
        uploadMode: binary.test(path) || size > largestInGit ? 'lfs' : 'regular',
        shouldIgnore: false,
        ...(oid && { oid }),
      };
    }),
  });
}

interface LfsObject {
  readonly oid: string;
  readonly size: number;
}

/** POST /{repo}.git/info/lfs/objects/batch, as git-lfs documents it (docs/api/batch.md). */
export function lfsBatch(exchange: Exchange, key: string, repo: Repo) {
  const { reply, headers } = exchange;
  const body = jsonBody(exchange);
  const isLfs = headers['content-type']?.startsWith('application/vnd.git-lfs+json');
  const objects = isObject(body) && Array.isArray(body.objects) ? body.objects : [];
  const isValid = objects.length > 0 && objects.every(isLfsObject);
  const operation = isObject(body) ? body.operation : undefined;
  if (operation === 'upload' && !isWriter(exchange, key)) return;
  if (!isLfs || !isValid || (operation !== 'upload' && operation !== 'download'))
    return reply.error(422, 'Invalid LFS batch request');
  if (operation === 'download')
    return send(
      exchange,
      objects.map(object => download(exchange, repo, object)),
    );
  const { blobs } = exchange.world;
  const missing = objects.filter(({ oid }) => !blobs.has(oid));
  const bytes = missing.reduce((sum, { size }) => sum + size, 0);
  if (!fits(exchange.world, key, repo, bytes)) return reply.error(403, storageLimitReached);
  send(
    exchange,
    objects.map(object => (missing.includes(object) ? upload(exchange, key, object) : object)),
  );
}

/** POST …/objects/verify: whether the upload has arrived. */
export function lfsVerify(exchange: Exchange, key: string) {
  const { world, reply } = exchange;
  if (!isWriter(exchange, key)) return;
  const object = jsonBody(exchange);
  if (!isLfsObject(object)) return reply.error(422, 'Invalid LFS verify request');
  if (world.blobs.get(object.oid)?.size !== object.size) return reply.error(404, 'Object does not exist');
  reply.json(200, {}, lfsType);
}

function isWriter(exchange: Exchange, key: string): boolean {
  if (canWrite(exchange, key)) return true;
  const isAnonymous = !isAccount(exchange.identity);
  exchange.reply.error(isAnonymous ? 401 : 403, isAnonymous ? 'Invalid username or password.' : 'Forbidden');
  return false;
}

function isLfsObject(value: unknown): value is LfsObject {
  return (
    isObject(value) &&
    /^[0-9a-f]{64}$/.test(String(value.oid)) &&
    Number.isSafeInteger(value.size) &&
    Number(value.size) >= 0
  );
}

function send({ reply }: Exchange, objects: readonly unknown[]) {
  reply.json(200, { transfer: 'basic', objects, hash_algo: 'sha256' }, lfsType);
}

/** The addresses are the Hub's own, also when the request came through another server. */
function upload({ world }: Exchange, key: string, { oid, size }: LfsObject) {
  const href = signedUrl(world, 'PUT', size, oid);
  const verify = `${world.hubAddress}/${key}.git/info/lfs/objects/verify`;
  return { oid, size, actions: { upload: { href, header: {} }, verify: { href: verify, header: {} } } };
}

function download({ world }: Exchange, repo: Repo, { oid, size }: LfsObject) {
  headOf(repo, world.clock.now());
  const known = [...historyOf(repo).commits.values()]
    .flatMap(({ lfs }) => Object.values(lfs))
    .find(file => oidOf(file) === oid);
  if (!known) return { oid, size, error: { code: 404, message: 'Object does not exist on the server' } };
  const href = signedUrl(world, 'GET', known.size, oid);
  return { oid, size: known.size, authenticated: true, actions: { download: { href, header: {} } } };
}
