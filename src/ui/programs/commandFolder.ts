import fs from 'node:fs';
import path from 'node:path';

const name = 'headroom';

export interface CommandFolderOptions {
  /** Where the package has its launchers, `headroom` and `headroom.cmd`. */
  readonly packaged: string;
  /** Where one can be written. */
  readonly storage: string;
  readonly log: (line: string) => void;
}

/**
 * The folder that makes `headroom` a command when it is on the path. A package that was zipped where files have no
 * mode has a launcher that can't be run: one that only leads to it is written then. Undefined: there is none.
 */
export function commandFolder({ packaged, storage, log }: CommandFolderOptions): string | undefined {
  try {
    const folder = canRun(path.join(packaged, name)) ? packaged : written(packaged, storage);
    if (!folder.includes(path.delimiter)) return folder;
    log(`there is no command ${name} in terminals: no path can name ${folder}`);
  } catch (error) {
    log(
      `there is no command ${name} in terminals: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return undefined;
}

/** Windows finds `headroom.cmd`, and asks for no mode. */
function canRun(file: string): boolean {
  if (process.platform === 'win32') return true;
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function written(packaged: string, storage: string): string {
  const folder = path.join(storage, 'bin');
  const file = path.join(folder, name);
  const quoted = `'${path.join(packaged, name).replaceAll("'", `'\\''`)}'`;
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  // aside and moved: a shell of another window may be reading it
  const part = `${file}.${process.pid}`;
  fs.writeFileSync(part, `#!/bin/sh\nexec /bin/sh ${quoted} "$@"\n`, { mode: 0o700 });
  fs.renameSync(part, file);
  return folder;
}

/** A `PATH` on which the command comes first. */
export function pathWith(folder: string, before: string | undefined): string {
  return before ? `${folder}${path.delimiter}${before}` : folder;
}
