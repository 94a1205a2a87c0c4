import path from 'node:path';

/** The platform's folder for a program's state, of Headroom. */
export function stateFolder(
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
  platform: NodeJS.Platform = process.platform,
): string {
  switch (platform) {
    case 'darwin':
      return path.join(home, 'Library', 'Application Support', 'headroom');
    case 'win32':
      return path.join(environment.LOCALAPPDATA || path.join(home, 'AppData', 'Local'), 'headroom');
    default: {
      // XDG Base Directory Specification: relative paths are invalid and have to be ignored
      const xdg = environment.XDG_STATE_HOME ?? '';
      return path.join(path.isAbsolute(xdg) ? xdg : path.join(home, '.local', 'state'), 'headroom');
    }
  }
}
