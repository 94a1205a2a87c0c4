import type { Workbench } from './workbench.ts';

/** VS Code tracks commands only in a bash without arguments, which then reads its start file. */
export const shellIntegration = {
  'terminal.integrated.shellIntegration.enabled': true,
  'terminal.integrated.profiles.linux': { bash: { path: '/bin/bash' } },
};

/** Types a line into the focused terminal. */
export async function runInTerminal({ page }: Workbench, line: string): Promise<void> {
  await page.locator('.terminal-wrapper.active .xterm-helper-textarea').focus();
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
}

/** Waits until the terminal shows the text; rows wrap at its width. */
export async function terminalShows(
  { page }: Workbench,
  text: string | RegExp,
  timeout = 30_000,
): Promise<void> {
  await page.locator('.terminal-wrapper.active .xterm-rows').filter({ hasText: text }).waitFor({ timeout });
}

/** Opens a terminal by its command and waits for its prompt. */
export async function openTerminal(
  workbench: Workbench,
  command = 'Terminal: Create New Terminal',
): Promise<void> {
  const terminals = workbench.page.locator('.terminal-wrapper');
  const open = await terminals.count();
  await workbench.command(command);
  await terminals.nth(open).waitFor({ state: 'attached' });
  await terminalShows(workbench, /[$#]/);
}
