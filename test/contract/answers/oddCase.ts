import type { Caller, OddAnswer } from './answerRig.ts';

/** What becomes of an answer: the gateway's own 502, its status and a whole body, or one of both or a broken body. */
type Expected = { readonly status: number } | '502' | 'any';

export interface OddCase {
  readonly name: string;
  readonly answer: OddAnswer;
  readonly expected: Expected;
  readonly caller?: Partial<Caller>;
}

export const stay = (bytes: string): OddAnswer => ({ parts: [bytes], end: 'stay' });
export const close = (bytes: string): OddAnswer => ({ parts: [bytes], end: 'close' });
/** @param unit comes again and again after the start */
export const withoutEnd = (start: string, unit: string): OddAnswer => ({
  parts: start === '' ? [] : [start],
  endless: unit,
  end: 'stay',
});
/** A 200 with a length. */
export const ok = (headers: string, body = '{}'): OddAnswer =>
  stay(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n${headers}\r\n\r\n${body}`);
/** A 200 in chunks. @param headers lines with their ends */
export const chunked = (headers: string, rest: string): OddAnswer =>
  stay(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n${headers}\r\n${rest}`);
export const refused = (status: number, headers: string): OddAnswer =>
  stay(`HTTP/1.1 ${status} No\r\ncontent-length: 2\r\n${headers}\r\n\r\n{}`);
export const toHead: Partial<Caller> = { method: 'HEAD', path: '/hub/api/models' };
export const toOldClient: Partial<Caller> = { method: 'GET', path: '/hub/api/models', minor: 0 };
