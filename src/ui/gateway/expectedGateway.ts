import type { GatewayAddress } from '../../gateway/programVariables.ts';

/**
 * Address of the last session's gateway, until this window's gateway starts or fails to. VS Code restores
 * terminals before that, and they need the variables at once.
 */
export class ExpectedGateway {
  #tried = false;
  address: GatewayAddress | undefined;

  /** @param port remembered from the last session; 0: none */
  async look(port: number, key: () => Promise<string | undefined>): Promise<void> {
    if (port === 0 || this.#tried) return;
    const known = await key();
    if (known !== undefined && !this.#tried) this.address = { url: `http://127.0.0.1:${port}`, key: known };
  }

  /** The gateway has started, or failed to. */
  end(): void {
    this.#tried = true;
    this.address = undefined;
  }
}
