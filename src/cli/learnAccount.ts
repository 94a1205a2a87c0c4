import { fingerprint } from '../account/fingerprint.ts';
import { Readings } from '../account/readings.ts';
import { createHttp } from '../hub/http.ts';
import { proxyFromEnvironment } from '../hub/proxy.ts';
import type { Servers } from '../hub/servers.ts';
import { whoami } from '../hub/whoami.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { silentLog } from './terminal.ts';

/** Asks Hugging Face whose token it is, and keeps the answer. False: it did not say. */
export async function learnAccount(
  ledger: Ledger,
  token: string,
  servers: Servers,
  userAgent: string,
): Promise<boolean> {
  const { now } = Date;
  let http: ReturnType<typeof createHttp> | undefined;
  try {
    http = createHttp({ proxy: proxyFromEnvironment(process.env), userAgent, now });
    const { account } = await whoami({ http, servers, token });
    new Readings(ledger, fingerprint(token, servers), silentLog).put('whoami', {
      value: account,
      asOf: now(),
    });
    return true;
  } catch {
    return false;
  } finally {
    await http?.close();
  }
}
