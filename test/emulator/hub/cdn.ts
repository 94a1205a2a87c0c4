import { createHmac } from 'node:crypto';
import { selectRange } from '../http/byteRange.ts';
import { type Exchange, type Route, route } from '../http/exchange.ts';
import type { Headers } from '../http/reply.ts';
import { imageOf } from '../inference/taskResults.ts';
import type { World } from '../world.ts';
import { generatedBytes, generatedSha256 } from './generatedFile.ts';

/** The storage of the Hub's large files: a signed URL gives access, and a token is refused. */
export const cdnRoutes: readonly Route[] = [
  route('GET', '/objects/{size}/{oid}', download),
  route('PUT', '/objects/{size}/{oid}', upload),
  route('GET', '/outputs/{prompt}', picture),
];

const signedSeconds = 3600;

/** A URL to download or upload the object, valid for an hour. */
export function signedUrl(world: World, method: 'GET' | 'PUT', size: number, oid: string): string {
  const path = `/objects/${size}/${oid}`;
  const expires = Math.floor(world.clock.reportedNow() / 1000) + signedSeconds;
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Expires': String(expires),
    'X-Amz-Signature': signature(method, path, String(expires)),
  });
  return `${world.urls.cdn}${path}?${query}`;
}

function signature(method: string, path: string, expires: string): string {
  return createHmac('sha256', 'emulator').update(`${method} ${path} ${expires}`).digest('hex');
}

/** Checks the signed URL. Returns false after sending S3's XML error. */
function permitted({ method, path, query, headers, world, reply }: Exchange): boolean {
  const expires = query.get('X-Amz-Expires') ?? '';
  const verb = method === 'HEAD' ? 'GET' : method;
  if (headers.authorization !== undefined) {
    xml(
      reply,
      400,
      'InvalidArgument',
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
    );
  } else if (query.get('X-Amz-Signature') !== signature(verb, path, expires)) {
    xml(
      reply,
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided.',
    );
  } else if (Number(expires) * 1000 < world.clock.reportedNow())
    xml(reply, 403, 'AccessDenied', 'Request has expired');
  else return true;
  return false;
}

function xml(reply: Exchange['reply'], status: number, code: string, message: string) {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  reply.bytes(status, Buffer.from(text), { 'content-type': 'application/xml' });
}

function download(exchange: Exchange) {
  if (!permitted(exchange)) return;
  const { world, params, headers, reply } = exchange;
  const size = Number(params[0]);
  const oid = params[1] ?? '';
  const bytes = world.blobs.get(oid)?.bytes;
  if (!bytes && oid !== generatedSha256(size))
    return xml(reply, 404, 'NoSuchKey', 'The specified key does not exist.');
  const { status, start, end, headers: rangeHeaders } = selectRange(headers.range, size);
  const all: Headers = {
    etag: `"${oid}"`,
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
    ...rangeHeaders,
  };
  if (bytes) return reply.bytes(status, bytes.subarray(start, end), all);
  const sent = exchange.method === 'HEAD' ? generatedBytes(0, 0) : generatedBytes(start, end);
  reply.readable(status, sent, { ...all, 'content-length': end - start });
}

/** S3 requires Content-Length, and the size and hash in the signed URL. */
function upload(exchange: Exchange) {
  if (!permitted(exchange)) return;
  const { world, params, headers, body, reply } = exchange;
  const [size, oid = ''] = [Number(params[0]), params[1]];
  if (headers['content-length'] === undefined)
    return xml(reply, 411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
  if (body.size !== size || body.sha256 !== oid)
    return xml(reply, 400, 'BadDigest', 'The SHA256 you specified did not match what we received.');
  world.blobs.set(oid, { size, ...(body.bytes && { bytes: body.bytes }) });
  reply.bytes(200, Buffer.alloc(0), { etag: `"${oid.slice(0, 32)}"` });
}

function picture({ params, reply }: Exchange) {
  const prompt = (params[0] ?? '').replace(/\.png$/, '');
  reply.bytes(200, imageOf(prompt), { 'content-type': 'image/png' });
}
