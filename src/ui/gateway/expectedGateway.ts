import type { GatewayAddress } from '../../gateway/programVariables.ts';

/**
 * Address of the last session's gateway, until this window's gateway starts or fails to. VS Code restores
 * terminals before that, and they need the variables at once.
 */
export class ExpectedGateway {
  #tried = false;
  address: GatewayAddress | undefined;

  /** @param port remembered from the last session, as `hubPort`; 0: none */
  async look(port: number, hubPort: number, key: () => Promise<string | undefined>): Promise<void> {
    if (port === 0 || this.#tried) return;
    const known = await key();
    if (known === undefined || this.#tried) return;
    const url = `http://127.0.0.1:${port}`;
    // versions before the second port remembered one
    const hub = hubPort === 0 ? `${url}/hub` : `http://127.0.0.1:${hubPort}`;
    this.address = { url, hub, key: known };
  }

  /** The gateway has started, or failed to. */
  end(): void {
    this.#tried = true;
    this.address = undefined;
  }
}
