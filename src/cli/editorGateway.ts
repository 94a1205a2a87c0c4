import type { FromGateway, ToGateway } from '../gateway/processMessages.ts';
import { openLedger } from '../ledger/openLedger.ts';
import { UsageError } from './command.ts';
import { type Serving, startServing } from './serving.ts';

/** How long what is in flight may take once the editor has gone. */
const graceMs = 5_000;

/**
 * The gateway as a child of the editor, which tells it everything through their channel, and with whose end it ends.
 * Returns the exit code.
 * @throws UsageError without such a channel
 */
export async function runGatewayOfEditor(): Promise<number> {
  if (!process.send) throw new UsageError('--ipc is for the editor, which has a channel to it.');
  const gone = new Promise<void>(resolve => process.once('disconnect', resolve));
  // the editor decides when it ends, also where Ctrl+C reaches all processes of a terminal
  process.on('SIGINT', () => undefined);
  const start = await firstMessage();
  const { port, key, state, userAgent, config, network } = start;
  const ledger = openLedger({ directory: state, now: Date.now, log: line => tellLog('warn', line) });
  let serving: Serving;
  try {
    serving = await startServing({
      port,
      key,
      config,
      network,
      ledger,
      userAgent,
      onEvent: event => tell({ kind: 'event', event }),
      log: line => tellLog('info', line),
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    tell({ kind: 'not-listening', code, message });
    ledger.close();
    process.disconnect();
    return 1;
  }
  process.on('message', (message: ToGateway) => {
    if (message.kind === 'configure') serving.configure(message.config, message.network);
    if (message.kind === 'credits-returned') serving.creditsReturned();
    if (message.kind === 'balance') serving.balance(message.payer, message.balance);
    if (message.kind === 'release') serving.release(message.limit);
    if (message.kind === 'cancel') serving.cancel(message.limit);
  });
  tell({ kind: 'listening', url: serving.url });
  await gone;
  await serving.close(graceMs);
  ledger.close();
  return 0;
}

function firstMessage(): Promise<Extract<ToGateway, { kind: 'start' }>> {
  return new Promise(resolve => {
    process.once('message', (message: ToGateway) => {
      if (message.kind === 'start') resolve(message);
    });
  });
}

function tellLog(level: 'info' | 'warn', message: string): void {
  tell({ kind: 'log', level, message });
}

function tell(message: FromGateway): void {
  // the channel may just have closed: then there is nobody to tell
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
