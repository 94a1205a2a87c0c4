import type { ReceivedRequest } from '../emulator/world.ts';
import { runInTerminal, terminalShows } from './terminal.ts';
import type { Workbench } from './workbench.ts';

/** The Node that can run the SDK and Headroom's command: a terminal's own may be older. */
export const node = process.execPath;

/** A developer's own program in the open terminal, `workspace/ask.cjs`, and what arrived of it. */
export class Asker {
  readonly #workbench: Workbench;
  #asked = 0;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** Runs it, always the same; the number only tells its answers apart. */
  async ask(): Promise<void> {
    this.#asked += 1;
    await runInTerminal(this.#workbench, `clear; ${node} ask.cjs ${this.#asked}`);
    await terminalShows(this.#workbench, new RegExp(`(answer|failure) ${this.#asked}: `));
    await terminalShows(this.#workbench, new RegExp(`answer ${this.#asked}: .*1 choice`));
  }

  /** The chat requests since the last look, at Hugging Face's router or at a partner. */
  received(): readonly ReceivedRequest[] {
    const { requests } = this.#workbench.emulator.world;
    const chats = requests.filter(({ path: url }) => url.endsWith('/chat/completions'));
    requests.length = 0;
    return chats;
  }
}
