// npm start: how long after the window opens is live data shown
import { spawn } from 'node:child_process';
import { launchBrowser } from '/work/main/test/vscode/host.mjs';
const t0 = Date.now();
const p = spawn('npm', ['start', '--', '--serve'], { cwd: '/work/main', stdio: ['ignore', 'pipe', 'inherit'] });
let out = ''; const url = await new Promise<string>(ok => p.stdout.on('data', b => { out += b; const m = /Open (http\S+)/.exec(out); if (m) ok(m[1]!); }));
console.log('address printed after', Date.now() - t0, 'ms');
const browser = await launchBrowser(); const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
const t1 = Date.now(); await page.goto(url, { waitUntil: 'commit' });
await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60000 });
const t2 = Date.now(); console.log('workbench drawn', t2 - t1, 'ms after goto');
await page.locator('[id="headroom.headroom.limits"]', { hasText: '$' }).waitFor({ timeout: 60000 });
console.log('live data', Date.now() - t1, 'ms after goto,', Date.now() - t2, 'ms after the window was drawn');
await browser.close(); p.kill('SIGINT'); 
