// node media/screenshots/cut.mjs   Cuts the README's pictures out of those that `node test/run.mjs e2e` leaves.
import fs from 'node:fs';
import path from 'node:path';
import { launchBrowser } from '../../test/vscode/host.mjs';

const here = import.meta.dirname;
const cuts = {
  hover: { x: 540, y: 760, width: 740, height: 180 },
  tree: { x: 48, y: 36, width: 300, height: 812 },
  'switch-billing': { x: 342, y: 4, width: 600, height: 272 },
  'refusal-explained': { x: 612, y: 36, width: 668, height: 562 },
  dashboard: { x: 56, y: 76, width: 914, height: 968 },
};

const browser = await launchBrowser();
const page = await browser.newPage({ viewport: { width: 1280, height: 2400 } });
for (const [name, clip] of Object.entries(cuts)) {
  const png = fs.readFileSync(path.join(here, `../../test/e2e/pictures/${name}.png`), 'base64');
  await page.setContent(`<body style="margin:0"><img src="data:image/png;base64,${png}">`);
  await page.screenshot({ path: path.join(here, `${name}.png`), clip });
}
await browser.close();
