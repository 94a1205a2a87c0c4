import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { lineOf, type Server, start } from './server.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const installed = path.join(root, '.vscode-test/bench-peers');

/** Installs `test/bench/peers` from npm, unless that version is installed. */
export function installPeers(): void {
  const source = path.join(root, 'test/bench/peers');
  const lock = readFileSync(path.join(source, 'package-lock.json'), 'utf8');
  // npm writes this file last
  const stamp = path.join(installed, 'node_modules/.package-lock.json');
  const current = path.join(installed, 'package-lock.json');
  if (existsSync(stamp) && readFileSync(current, 'utf8') === lock) return;
  mkdirSync(installed, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) {
    copyFileSync(path.join(source, file), path.join(installed, file));
  }
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: installed,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (npm.status !== 0) throw new Error(`npm ci failed in ${installed}`);
}

export async function startHttpProxy(upstream: string): Promise<Server> {
  const args = [path.join(import.meta.dirname, 'httpProxy.mjs'), upstream];
  const child = start(process.execPath, ['--no-deprecation', ...args], {}, installed);
  return { name: 'http-proxy', port: Number(await lineOf(child)), pid: child.pid, headers: {} };
}

export async function startBareRelay(upstream: string): Promise<Server> {
  const child = start(process.execPath, [path.join(import.meta.dirname, 'bareRelay.mjs'), upstream]);
  return { name: 'bare relay', port: Number(await lineOf(child)), pid: child.pid, headers: {} };
}

export async function startPortkey(upstream: string): Promise<Server> {
  const port = await freePort();
  const program = path.join(installed, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  const child = start(process.execPath, [program, '--headless', `--port=${port}`], {
    NODE_ENV: 'production',
  });
  await lineOf(child, /Ready/);
  const headers = {
    authorization: 'Bearer sk-bench',
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `${upstream}/v1`,
  };
  return { name: 'portkey', port, pid: child.pid, headers };
}

/** Undefined when nginx is not installed. */
export async function startNginx(upstream: string, folder: string): Promise<Server | undefined> {
  const program = ['nginx', '/usr/sbin/nginx'].find(
    name => spawnSync(name, ['-v'], { stdio: 'ignore' }).status === 0,
  );
  if (!program) return undefined;
  const port = await freePort();
  const config = path.join(folder, 'nginx.conf');
  writeFileSync(config, nginxConfig(new URL(upstream).host, port, folder));
  const child = start(program, ['-p', folder, '-e', 'stderr', '-c', config]);
  while (!existsSync(path.join(folder, 'nginx.pid'))) await pause(20);
  const workers = spawnSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' }).stdout;
  return { name: 'nginx', port, pid: Number(workers.trim()), headers: {} };
}

function nginxConfig(upstream: string, port: number, folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
worker_rlimit_nofile 16384;
events { worker_connections 8192; }
http {
  access_log off;
  ${temporary.map(name => `${name}_temp_path ${folder}/nginx-${name};`).join('\n  ')}
  keepalive_requests 100000000;
  client_max_body_size 0;
  upstream bench { server ${upstream}; keepalive 2500; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://bench;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_request_buffering off;
    }
  }
}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
