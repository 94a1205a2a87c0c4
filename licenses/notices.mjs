// The licences of the packages in a bundle, as one text. Those that npm's packages leave out are kept in this folder.
import fs from 'node:fs';
import path from 'node:path';

/** undici carries llhttp as WebAssembly, under a licence of its own. */
const carried = { undici: ['llhttp'] };

/** @param inputs Paths of bundled files, relative to the working directory. */
export function thirdPartyNotices(inputs) {
  const folders = inputs.flatMap(file => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []);
  return [...new Set(folders)]
    .sort()
    .flatMap(notices)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function notices(folder) {
  const { name, version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = fs.readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry));
  const own = file ? fs.readFileSync(path.join(folder, file), 'utf8') : kept(name);
  const more = (carried[name] ?? []).map(part => `${part}, in ${name}\n\n${kept(part)}`);
  return [`${name} ${version}\n\n${own}`, ...more];
}

function kept(name) {
  return fs.readFileSync(path.join(import.meta.dirname, `${name}.txt`), 'utf8');
}
