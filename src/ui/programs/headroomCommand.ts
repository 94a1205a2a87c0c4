import fs from 'node:fs';
import path from 'node:path';
import { huggingFaceServers, type Servers } from '../../hub/servers.ts';
import { messageOf } from '../../limits/messageOf.ts';

const name = 'headroom';

/**
 * Folder that makes `headroom` a command when it is on `PATH`; undefined: none. A VSIX zipped where files
 * have no mode unpacks a launcher that can't be run: the folder then holds a script that runs it.
 * @param packaged folder of the package's launchers, `headroom` and `headroom.cmd`
 * @param storage a writable folder
 */
export function commandFolder(
  packaged: string,
  storage: string,
  log: (line: string) => void,
): string | undefined {
  const missing = `terminals have no command ${name}`;
  try {
    const folder = canRun(path.join(packaged, name)) ? packaged : writeLauncher(packaged, storage);
    if (!folder.includes(path.delimiter)) return folder;
    log(`${missing}: PATH can't contain ${folder}`);
  } catch (error) {
    log(`${missing}: ${messageOf(error)}`);
  }
  return undefined;
}

/** Windows runs `headroom.cmd`, whatever its mode. */
function canRun(file: string): boolean {
  if (process.platform === 'win32') return true;
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function writeLauncher(packaged: string, storage: string): string {
  const folder = path.join(storage, 'bin');
  const file = path.join(folder, name);
  const quoted = `'${path.join(packaged, name).replaceAll("'", `'\\''`)}'`;
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  // a shell of another window may be reading the old one: written aside, then renamed
  const part = `${file}.${process.pid}`;
  fs.writeFileSync(part, `#!/bin/sh\nexec /bin/sh ${quoted} "$@"\n`, { mode: 0o700 });
  fs.renameSync(part, file);
  return folder;
}

/** Variables of `headroom` in a terminal: the Node that runs it, and all servers, which the command checks itself. */
export function commandVariables(
  node: string,
  { servers, providerUrls }: { readonly servers: Partial<Servers>; readonly providerUrls: unknown },
): Record<string, string> {
  const { hubUrl, routerUrl, endpointsUrl } = huggingFaceServers;
  return {
    HEADROOM_NODE: node,
    HEADROOM_HUB_URL: servers.hubUrl?.trim() || hubUrl,
    HEADROOM_ROUTER_URL: servers.routerUrl?.trim() || routerUrl,
    HEADROOM_ENDPOINTS_URL: servers.endpointsUrl?.trim() || endpointsUrl,
    HEADROOM_PROVIDER_URLS: JSON.stringify(providerUrls ?? {}),
  };
}
