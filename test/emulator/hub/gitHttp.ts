import { spawn } from 'node:child_process';
import { type Exchange, type Route, route } from '../http/exchange.ts';
import { isAccount } from '../identity.ts';
import type { Repo } from '../state.ts';
import { gitEnvironment } from './gitDisk.ts';
import { bytesOf } from './gitObjects.ts';
import { canWrite, onFiles } from './repoAccess.ts';
import { repoKinds } from './repos.ts';
import { countStored } from './storage.ts';

/** git's smart protocol over HTTP, served by `git http-backend`; with and without `.git` after the name. */
export const gitRoutes: readonly Route[] = repoKinds.flatMap(([, prefix]) => [
  route('GET', `/${prefix}{owner}/{name}/info/refs`, onFiles(prefix, advertise)),
  route('POST', `/${prefix}{owner}/{name}/git-upload-pack`, onFiles(prefix, upload)),
  route('POST', `/${prefix}{owner}/{name}/git-receive-pack`, onFiles(prefix, receive)),
]);

/** The first request of a fetch (public for a public repository) or of a push. */
async function advertise(exchange: Exchange, key: string, repo: Repo) {
  const service = exchange.query.get('service');
  if (service !== 'git-upload-pack' && service !== 'git-receive-pack')
    return exchange.reply.error(
      403,
      'Please upgrade your git client: this server speaks the smart protocol only',
    );
  if (service === 'git-receive-pack' && !mayPush(exchange, key)) return;
  await backend(exchange, repo, 'info/refs');
}

async function upload(exchange: Exchange, _key: string, repo: Repo) {
  await backend(exchange, repo, 'git-upload-pack');
}

async function receive(exchange: Exchange, key: string, repo: Repo) {
  if (!mayPush(exchange, key)) return;
  const before = sizeOf(repo);
  await backend(exchange, repo, 'git-receive-pack');
  countStored(exchange.world, key, repo, Math.max(0, sizeOf(repo) - before));
}

/** Bytes of the files on `main`. */
function sizeOf({ files, lfs }: Repo): number {
  const inGit = Object.values(files).reduce((sum, file) => sum + bytesOf(file).length, 0);
  return Object.values(lfs).reduce((sum, { size }) => sum + size, inGit);
}

function mayPush(exchange: Exchange, key: string): boolean {
  const { identity, reply } = exchange;
  if (canWrite(exchange, key)) return true;
  if (isAccount(identity)) reply.error(403, 'You are not authorized to push to this repo.');
  else reply.error(401, 'Invalid username or password.');
  return false;
}

/** Runs git's CGI program (git-http-backend(1)) for this request, and sends its response. */
async function backend(exchange: Exchange, repo: Repo, service: string): Promise<void> {
  const { world, method, query, headers, body, identity, ip, reply } = exchange;
  if (!body.bytes) return reply.error(413, 'Request Entity Too Large');
  const folder = world.git.write(repo, world.clock.now());
  const output = await run(body.bytes, {
    ...gitEnvironment,
    GIT_PROJECT_ROOT: world.git.root,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
    PATH_INFO: `/${folder}/${service}`,
    REQUEST_METHOD: method,
    QUERY_STRING: query.toString(),
    CONTENT_TYPE: headers['content-type'],
    CONTENT_LENGTH: String(body.size),
    HTTP_CONTENT_ENCODING: headers['content-encoding'],
    REMOTE_ADDR: ip,
    // without a user, http-backend refuses to receive
    ...(isAccount(identity) && { REMOTE_USER: identity.name }),
  });
  if (service === 'git-receive-pack') await world.git.read(repo);
  const end = output.indexOf('\r\n\r\n');
  const lines = output.subarray(0, Math.max(0, end)).toString().split('\r\n');
  const sent = Object.fromEntries(lines.map(line => line.split(/: (.*)/s, 2) as [string, string]));
  const { Status: status = '200', ...rest } = sent;
  reply.bytes(Number.parseInt(status, 10), output.subarray(end + 4), rest);
}

function run(input: Buffer, env: NodeJS.ProcessEnv): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const git = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    git.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    git.on('error', reject);
    git.on('close', () => resolve(Buffer.concat(chunks)));
    // git may answer without having read everything
    git.stdin.on('error', () => {});
    git.stdin.end(input);
  });
}
