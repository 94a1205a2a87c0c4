// Requests without the key, of one kind, until it is ended. Usage: flooder.ts KIND PORT   Prints a line when it has begun.
import { connect, type Socket } from 'node:net';

const [kind = '', portText = ''] = process.argv.slice(2);
const port = Number(portText);
const ownToken = 'Authorization: Bearer hf_aTokenOfTheFlooders';
const head = (line: string, ...headers: string[]) =>
  `${[`${line} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...headers].join('\r\n')}\r\n\r\n`;
const post = (length: number) =>
  head('POST /v1/chat/completions', ownToken, 'Content-Type: application/json', `Content-Length: ${length}`);
const anonymous = head('GET /hub/api/models');
const wrongKey = head('GET /v1/models', 'Authorization: Bearer hf_headroom_wrong');
const megabyte = `{"model":"bench-json","text":"${'x'.repeat(1024 * 1024 - 32)}"}`;

/** Keeps so many connections open: a closed one is opened again after `againMs`. */
function keepOpen(count: number, againMs: number, onOpen: (socket: Socket) => void): void {
  const open = () => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.on('error', () => {});
    socket.once('connect', () => onOpen(socket));
    socket.once('close', () => setTimeout(open, againMs));
    socket.resume();
  };
  let opened = 0;
  // 2,000 a second
  const timer = setInterval(() => {
    for (let slice = 0; slice < 20 && opened < count; slice++, opened++) open();
    if (opened < count) return;
    clearInterval(timer);
    console.log('began');
  }, 10);
}

/** The next request after each answer. */
function closedLoop(callers: number, request: string): void {
  keepOpen(callers, 10, socket => {
    socket.write(request);
    socket.on('data', data => {
      for (let at = data.indexOf('HTTP/1.1 '); at >= 0; at = data.indexOf('HTTP/1.1 ', at + 9)) {
        socket.write(request);
      }
    });
  });
}

/** One byte a second behind `begin`. */
function slowly(count: number, begin: string): void {
  const open = new Set<Socket>();
  setInterval(() => {
    for (const socket of open) socket.write('x');
  }, 1_000);
  keepOpen(count, 1_000, socket => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.write(begin);
  });
}

const floods: Readonly<Record<string, () => void>> = {
  'idle-connections': () => keepOpen(10_000, 20_000, () => {}),
  'pipelined-gets': () => keepOpen(16, 100, socket => socket.write(anonymous.repeat(20_000))),
  'anonymous-gets': () => closedLoop(64, anonymous),
  'wrong-keys': () => closedLoop(64, wrongKey),
  'slow-heads': () => slowly(1_000, 'GET /v1/models HTTP/1.1\r\nX: '),
  'slow-bodies': () => slowly(1_000, `${post(1_000_000)}{"model":"`),
  'big-bodies': () => closedLoop(32, post(Buffer.byteLength(megabyte)) + megabyte),
};
floods[kind]?.();
