// Runs in the host's own Node 24:  node serve.mjs <vscode dir> <json args>
// VS Code's server (out/server-main.js) behind a small front with the parts of code-server's wrapper that tests need:
//   POST /mint-key      the 256-bit key with which the workbench seals SecretStorage into localStorage
//   /proxy/<port>/...   where env.asExternalUri and env.openExternal send a loopback port

import crypto from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { WorkbenchAccess } from './access.mjs';

const [vscode, json] = process.argv.slice(2);
const args = JSON.parse(json);
process.env.CODE_SERVER_PARENT_PID = String(process.pid); // server-main.js then only exports, it does not start by itself
const mod = await import(pathToFileURL(path.join(vscode, 'out/server-main.js')).href);
const sm = await mod.loadCodeWithNls();
const vs = await sm.createServer(null, {
  'accept-server-license-terms': true,
  'without-connection-token': true, // WorkbenchAccess checks each request before the server
  compatibility: '1.64',
  ...args,
});
delete process.env.CODE_SERVER_PARENT_PID;
const key = crypto.randomBytes(32);
const access = new WorkbenchAccess();

const target = url => {
  const m = /^\/proxy\/(\d+)(\/.*)?$/s.exec(url ?? '');
  return m && { host: '127.0.0.1', port: +m[1], path: m[2] || '/' };
};
const server = http.createServer((req, res) => {
  if (!access.admits(req, res, server.address().port)) return;
  const to = target(req.url);
  if (to) {
    const up = http.request({ ...to, method: req.method, headers: req.headers }, r => {
      res.writeHead(r.statusCode, r.headers);
      r.pipe(res);
    });
    up.on('error', e => {
      if (!res.headersSent) res.writeHead(502);
      res.end(String(e));
    });
    req.pipe(up);
    return;
  }
  if (req.method === 'POST' && req.url.startsWith('/mint-key')) {
    res.end(key);
    return;
  }
  vs.handleRequest(req, res);
});
server.on('upgrade', (req, socket, head) => {
  if (!access.admitsUpgrade(req, server.address().port)) {
    socket.destroy();
    return;
  }
  const to = target(req.url);
  if (to) {
    const up = net.connect(to.port, to.host, () => {
      up.write(
        `${req.method} ${to.path} HTTP/1.1\r\n` +
          Object.entries(req.headers)
            .map(([k, v]) => `${k}: ${v}\r\n`)
            .join('') +
          '\r\n',
      );
      up.write(head);
      socket.pipe(up).pipe(socket);
    });
    up.on('error', () => socket.destroy());
    socket.on('error', () => up.destroy());
    return;
  }
  if (head.length) socket.unshift(head);
  socket.pause?.();
  vs.handleUpgrade(req, socket);
  socket.resume?.();
});
// VS Code's own handler of uncaught exceptions would go on without a port
server.on('error', error => {
  console.error(error.message);
  process.exit(1);
});
server.listen(args.port ?? 0, '127.0.0.1', () =>
  console.log(`host listening on ${server.address().port} ${access.secret}`),
);
const bye = () => {
  try {
    vs.dispose();
  } catch {}
  process.exit(0);
};
process.on('SIGTERM', bye);
process.on('SIGINT', bye);
process.stdin.on('end', bye).resume(); // ends with its parent
