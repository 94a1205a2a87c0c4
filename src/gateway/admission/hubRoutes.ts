/** A name of a user or repository, or a kind of repositories. */
const part = '[^/]+';
const pathsInfo = new RegExp(`^/api/${part}/${part}(?:/${part})?/paths-info(?:/${part})?$`);
const uploadPack = new RegExp(`^/(?!api/)${part}(?:/${part}){0,2}/git-upload-pack$`);
const lfsBatch = new RegExp(`^/(?!api/)${part}(?:/${part}){0,2}/info/lfs/objects/batch$`);
const git = /\/(?:info\/refs|git-upload-pack|git-receive-pack)$|\/info\/lfs\//;
const creation = new RegExp(
  `^/api/(?:repos/create|buckets/${part}/${part}|${part}/${part}(?:/${part})?/(?:commit/${part}|duplicate))$`,
);

/**
 * It reads, and needs no token for what is public. A batch of LFS reads only with the operation `download`, which is in
 * its body. @param path of the Hub, without the query, as in the other functions
 */
export function isRead(method: string, path: string): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  return (
    method === 'POST' &&
    (path === '/api/validate-yaml' || pathsInfo.test(path) || uploadPack.test(path) || lfsBatch.test(path))
  );
}

/** The LFS batch API, for downloads and uploads. */
export function isLfsBatch(path: string): boolean {
  return lfsBatch.test(path);
}

/** Served to git and git-lfs, which send Basic credentials. */
export function isGit(path: string): boolean {
  return git.test(path);
}

/** Of these, the ones for git-lfs: it reads JSON, and git itself plain text. */
export function isLfs(path: string): boolean {
  return path.includes('/info/lfs/');
}

/** Its JSON has addresses of the Hub that clients parse or follow: docs/gateway.md names them. */
export function hasAddresses(method: string, path: string): boolean {
  return method === 'POST' && (creation.test(path) || lfsBatch.test(path));
}
