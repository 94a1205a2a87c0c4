import type { Door } from '../../gateway/programVariables.ts';

/**
 * Where the gateway will be found before it is there: terminals that the editor restores are started earlier. It holds
 * until the gateway has been tried.
 */
export class ExpectedDoor {
  #tried = false;
  door: Door | undefined;

  /** @param port remembered from an earlier session; 0: none is */
  async look(port: number, key: () => Promise<string | undefined>): Promise<void> {
    if (port === 0 || this.#tried) return;
    const known = await key();
    if (known !== undefined && !this.#tried) this.door = { url: `http://127.0.0.1:${port}`, key: known };
  }

  /** It is there now, or it is known that it is not. */
  end(): void {
    this.#tried = true;
    this.door = undefined;
  }
}
