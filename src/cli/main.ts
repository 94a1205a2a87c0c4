import packageJson from '../../package.json' with { type: 'json' };
import { redact } from '../limits/refusals/redact.ts';
import { type Command, parseCommand, UsageError } from './command.ts';
import { printError } from './terminal.ts';
import { shortUsage, usage } from './usage.ts';
import { visible } from './visibleText.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `headroom … | head` closes stdout early, which is no error
  if (error.code === 'EPIPE' || error.code === 'EOF') return;
  printError(`the output could not be written: ${error.message}.`);
  process.exit(1);
});
process.stderr.on('error', () => {});
process.exitCode = await main(process.argv.slice(2));

/** Exit codes: 0 done; 1 not possible, or nothing is known; 2 wrong usage; 128 + n ended by signal n. */
async function main(args: readonly string[]): Promise<number> {
  const { version } = packageJson;
  try {
    return await run(parseCommand(args), version);
  } catch (error) {
    if (error instanceof UsageError) {
      printError(error.message);
      process.stderr.write(`\n${shortUsage}\n`);
      return 2;
    }
    const stack = redact(String(error instanceof Error ? error.stack : error));
    process.stderr.write(`headroom ${version} failed: ${stack.split('\n').map(visible).join('\n')}\n`);
    return 1;
  }
}

async function run(command: Command, version: string): Promise<number> {
  switch (command.kind) {
    case 'help':
      process.stdout.write(`${usage}\n`);
      return 0;
    case 'version':
      process.stdout.write(`${version}\n`);
      return 0;
    case 'status':
      // loads undici, valibot and SQLite, which `--help` does not need
      return (await import('./statusCommand.ts')).runStatus(command, version);
    case 'bill':
      return (await import('./billCommand.ts')).runBill(command);
    case 'gateway':
      return (await import('./gatewayCommand.ts')).runGateway(command, version);
    case 'budget':
      return (await import('./budgetCommand.ts')).runBudget(command);
    case 'run':
      return (await import('./runCommand.ts')).runProgram(command, version);
    case 'gateway-of-editor':
      return (await import('./editorGateway.ts')).runGatewayOfEditor();
    case 'refusals':
      return (await import('./refusalsCommand.ts')).runRefusals(command);
    case 'explain':
      return (await import('./explainCommand.ts')).runExplain(command);
  }
}
