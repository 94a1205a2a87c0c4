export interface StartFileChanges {
  readonly replace: Readonly<Record<string, string>>;
  readonly prepend: Readonly<Record<string, string>>;
  readonly append: Readonly<Record<string, string>>;
}

/**
 * The variables by which VS Code's shell integration changes others once the shell's own start files have run. VS Code
 * makes them of an extension's collection, which is of all terminals; for a single one nothing but these does it. Where
 * they mean nothing (another shell, the integration is off), the terminal is as it would be without them.
 */
export function afterStartFiles({ replace, prepend, append }: StartFileChanges): Record<string, string> {
  const lists = {
    VSCODE_ENV_REPLACE: listed(replace),
    VSCODE_ENV_PREPEND: listed(prepend),
    VSCODE_ENV_APPEND: listed(append),
  };
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== ''));
}

/** A backslash is an escape to some of the shells and not to others: what has one is left to the start files. */
function listed(changes: Readonly<Record<string, string>>): string {
  return Object.entries(changes)
    .filter(([, value]) => !value.includes('\\'))
    .map(([name, value]) => `${name}=${value.replaceAll(':', '\\x3a')}`)
    .join(':');
}
