import { once } from 'node:events';
import type { FromGateway, ToGateway } from '../gateway/processMessages.ts';
import { openLedger } from '../ledger/openLedger.ts';
import { UsageError } from './command.ts';
import { type Serving, startServing } from './serving.ts';

/**
 * The gateway as a child process of the editor: configured through their channel, it ends with it. Returns the exit
 * code.
 * @throws UsageError without a channel
 */
export async function runGatewayOfEditor(): Promise<number> {
  if (!process.send) throw new UsageError('--ipc is for the editor, which has a channel to this process.');
  const disconnected = once(process, 'disconnect');
  // Ctrl+C reaches all processes of a terminal, but the editor decides when this one ends
  process.on('SIGINT', () => undefined);
  const [start] = (await once(process, 'message')) as [Extract<ToGateway, { kind: 'start' }>];
  const { port, hubPort, key, state, userAgent, config, network } = start;
  const ledger = openLedger({ directory: state, now: Date.now, log: line => sendLog('warn', line) });
  let serving: Serving;
  try {
    serving = await startServing({
      port,
      hubPort,
      key,
      config,
      network,
      ledger,
      userAgent,
      onEvent: event => send({ kind: 'event', event }),
      log: line => sendLog('info', line),
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    send({ kind: 'not-listening', code, message });
    ledger.close();
    process.disconnect();
    return 1;
  }
  const { gateway } = serving;
  process.on('message', (message: ToGateway) => {
    if (message.kind === 'configure') {
      gateway.configure(message.config);
      serving.changeNetwork(message.network);
    }
    if (message.kind === 'credits-returned') gateway.creditsReturned();
    if (message.kind === 'balance') gateway.balance(message.payer, message.balance);
    if (message.kind === 'release') gateway.release(message.limit);
    if (message.kind === 'cancel') gateway.cancel(message.limit);
  });
  send({ kind: 'listening', url: gateway.url, hub: gateway.hub });
  await disconnected;
  await serving.close();
  ledger.close();
  return 0;
}

function sendLog(level: 'info' | 'warn', message: string): void {
  send({ kind: 'log', level, message });
}

function send(message: FromGateway): void {
  // the channel may close meanwhile: the callback keeps the error from being thrown
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
