/** VS Code's theme colors for states. */
export const colors = {
  warning: 'list.warningForeground',
  error: 'list.errorForeground',
  stale: 'disabledForeground',
  good: 'testing.iconPassed',
} as const;

/** A codicon, in a theme color where the state calls for one. */
export interface Icon {
  readonly id: string;
  readonly color?: string;
}
