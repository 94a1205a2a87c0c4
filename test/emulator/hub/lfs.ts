import { type Exchange, jsonBody } from '../http/exchange.ts';
import { isObject } from '../patch.ts';
import type { LfsFile, Repo } from '../state.ts';
import { signedUrl } from './cdn.ts';
import { generatedSha256 } from './generatedFile.ts';
import { canWrite } from './repos.ts';

const binary = /\.(?:7z|arrow|bin|gz|h5|mp4|onnx|parquet|pt|pth|safetensors|tar|wav|zip)$/;
const largestInGit = 10 * 2 ** 20;

/** SHA-256 of the file. */
export function oidOf({ size, oid }: LfsFile): string {
  return oid ?? generatedSha256(size);
}

/** POST …/preupload: whether each file goes to git or to LFS, by its size and extension. */
export function preupload(exchange: Exchange, key: string) {
  const { reply } = exchange;
  if (!canWrite(exchange, key))
    return reply.error(403, "You don't have the required permissions to perform this operation");
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
    files: files.map(({ path, size }: { path: string; size: number }) => ({
      path,
      uploadMode: binary.test(path) || size > largestInGit ? 'lfs' : 'regular',
      shouldIgnore: false,
    })),
  });
}

/** POST /{repo}.git/info/lfs/objects/batch: a signed upload URL for each object that is not stored yet. */
export function lfsBatch(exchange: Exchange, key: string) {
  const { world, reply, headers } = exchange;
  const type = { 'content-type': 'application/vnd.git-lfs+json; charset=utf-8' };
  if (!canWrite(exchange, key)) return reply.json(403, { message: 'Forbidden' }, type);
  const body = jsonBody(exchange);
  const objects = isObject(body) && Array.isArray(body.objects) ? body.objects : [];
  const isLfs = headers['content-type']?.startsWith('application/vnd.git-lfs+json');
  if (!isLfs || !isObject(body) || body.operation !== 'upload' || objects.length === 0)
    return reply.json(422, { message: 'Invalid LFS batch request' }, type);
  reply.json(
    200,
    {
      transfer: 'basic',
      objects: (objects as { oid: string; size: number }[]).map(({ oid, size }) => ({
        oid,
        size,
        authenticated: true,
        ...(!world.blobs.has(oid) && {
          actions: { upload: { href: signedUrl(world, 'PUT', size, oid), header: {} } },
        }),
      })),
    },
    type,
  );
}

/** Adds the LFS file of a commit. Returns false when the object was never uploaded. */
export function addLfsFile({ world }: Exchange, repo: Repo, value: Record<string, unknown>): boolean {
  const { path, oid, size } = value;
  const blob = world.blobs.get(String(oid));
  if (typeof path !== 'string' || value.algo !== 'sha256' || !blob || blob.size !== size) return false;
  repo.lfs[path] = { size: blob.size, oid: String(oid) };
  delete repo.files[path];
  return true;
}
