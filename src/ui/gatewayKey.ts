import type { Log } from '../account/log.ts';
import type { SecretStore } from '../billing/keyring.ts';
import { newGatewayKey } from '../gateway/gatewayKey.ts';

const SECRET = 'headroom.gatewayKey';
const form = /^hf_headroom_[\w-]{32}$/;

/** The gateway's key of this installation. One that can't be kept holds for this window only. */
export async function gatewayKey(secrets: Pick<SecretStore, 'get' | 'store'>, log: Log): Promise<string> {
  try {
    const known = await secrets.get(SECRET);
    if (known && form.test(known)) return known;
    const made = newGatewayKey();
    await secrets.store(SECRET, made);
    return made;
  } catch (error) {
    log.warn(`The editor's secret storage can't keep the gateway's key: ${String(error)}`);
    return newGatewayKey();
  }
}
