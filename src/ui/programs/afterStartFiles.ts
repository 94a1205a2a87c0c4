import type { VariableChanges } from './terminalEnvironment.ts';

/**
 * Variables through which VS Code's shell integration changes others after the shell's start files. VS Code
 * itself sets them from an extension's collection, which applies to all terminals; for a single terminal they
 * are the only way. Without shell integration they do nothing. Also the empty ones are set: a workspace's could append
 * to ours.
 */
export function afterStartFiles({ replace, prepend, append }: VariableChanges): Record<string, string> {
  return {
    VSCODE_ENV_REPLACE: formatList(replace),
    VSCODE_ENV_PREPEND: formatList(prepend),
    VSCODE_ENV_APPEND: formatList(append),
  };
}

/** Values with a backslash are left out: some shells read it as an escape, others don't. */
function formatList(changes: Readonly<Record<string, string>>): string {
  return Object.entries(changes)
    .filter(([, value]) => !value.includes('\\'))
    .map(([name, value]) => `${name}=${value.replaceAll(':', '\\x3a')}`)
    .join(':');
}
