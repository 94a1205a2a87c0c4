import { iso } from '../clock.ts';
import type { Exchange } from '../http/exchange.ts';
import { isAccount } from '../identity.ts';
import { isObject } from '../patch.ts';
import type { Repo } from '../state.ts';
import { gitFileOf } from './gitObjects.ts';
import { headOf, mainRef, recordCommit, type Snapshot } from './history.ts';
import { entryNotFound, revisionNotFound } from './notFound.ts';
import { refuseAction } from './rateLimits.ts';
import { canWrite } from './repoAccess.ts';
import { countStored, fits, storageLimitReached } from './storage.ts';

/** POST …/commit: NDJSON, the header first. Limited to 128 per hour, apart from the `api` window. */
export function commit(exchange: Exchange, key: string, repo: Repo) {
  const { world, reply, identity, body, params, headers } = exchange;
  if (!canWrite(exchange, key) || !isAccount(identity))
    return reply.error(403, "You don't have the required permissions to perform this operation");
  const revision = params[2] ?? '';
  if (revision !== 'main' && revision !== mainRef) return revisionNotFound(exchange, revision);
  if (!headers['content-type']?.startsWith('application/x-ndjson') || !body.bytes)
    return reply.error(400, 'Invalid content-type: application/x-ndjson expected');
  const { commitsPerHour } = world.state.actions;
  if (!world.windows.take(`commits|${key}`, commitsPerHour, world.clock.now(), 1, 3600)) {
    return refuseAction(world, reply, 'repository commits', commitsPerHour, 3600);
  }
  const [header, ...operations] = linesOf(body.bytes);
  if (header?.key !== 'header' || typeof header.value.summary !== 'string')
    return reply.error(400, '✖ Invalid input: expected a header with a summary');
  const head = headOf(repo, world.clock.now());
  // huggingface_hub's test of parent_commit
  if (header.value.parentCommit !== undefined && header.value.parentCommit !== head.oid)
    return reply.error(412, 'A commit has happened since. Please refresh and try again.');
  const next = changed(exchange, head, operations);
  if (!next) return;
  if (!fits(world, key, repo, next.addedBytes)) return reply.error(400, storageLimitReached);
  countStored(world, key, repo, next.addedBytes);
  repo.files = { ...next.files };
  repo.lfs = { ...next.lfs };
  repo.lastModified = iso(world.clock.reportedNow());
  const { summary: title } = header.value;
  const { oid } = recordCommit(repo, { title, author: identity.name, at: world.clock.reportedNow() });
  const commitUrl = `${world.hubAddress}/${key}/commit/${oid}`;
  reply.json(200, { success: true, commitOid: oid, commitUrl, hookOutput: '', ref: mainRef });
}

interface Line {
  readonly key: string;
  readonly value: Record<string, unknown>;
}

/** The files after all operations. Returns undefined after refusing one of them. */
function changed(
  exchange: Exchange,
  head: Snapshot & { readonly oid: string },
  operations: readonly Line[],
): (Snapshot & { addedBytes: number }) | undefined {
  const { world, reply } = exchange;
  const [files, lfs] = [{ ...head.files }, { ...head.lfs }];
  let addedBytes = 0;
  for (const { key: operation, value } of operations) {
    const path = String(value.path);
    const matching = [...Object.keys(files), ...Object.keys(lfs)].filter(
      known =>
        known === path || (operation === 'deletedFolder' && known.startsWith(path.replace(/\/?$/, '/'))),
    );
    for (const known of operation === 'deletedFolder' ? matching : [path]) {
      delete files[known];
      delete lfs[known];
    }
    if (operation === 'file') {
      const bytes = Buffer.from(String(value.content), value.encoding === 'base64' ? 'base64' : 'utf8');
      files[path] = gitFileOf(bytes);
      addedBytes += bytes.length;
    } else if (operation === 'lfsFile') {
      const blob = world.blobs.get(String(value.oid));
      if (value.algo !== 'sha256' || !blob || blob.size !== value.size) {
        reply.error(
          400,
          `Your push was rejected because an LFS pointer pointed to a file that does not exist: ${path}`,
        );
        return undefined;
      }
      lfs[path] = { size: blob.size, oid: String(value.oid) };
      addedBytes += blob.size;
    } else if (operation === 'deletedFile' || operation === 'deletedFolder') {
      if (matching.length === 0) {
        entryNotFound(exchange, head.oid);
        return undefined;
      }
    } else {
      reply.error(400, `✖ Invalid input: unknown operation ${operation}`);
      return undefined;
    }
  }
  return { files, lfs, addedBytes };
}

function linesOf(body: Buffer): Line[] {
  return body
    .toString()
    .split('\n')
    .filter(Boolean)
    .map(text => {
      const line: unknown = parsed(text);
      const isLine = isObject(line) && typeof line.key === 'string' && isObject(line.value);
      return isLine ? (line as unknown as Line) : { key: 'invalid', value: {} };
    });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
