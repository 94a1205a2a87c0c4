import type { ReceivedRequest } from '../emulator/world.ts';
import { runInTerminal, terminalShows } from './terminal.ts';
import type { Workbench } from './workbench.ts';

/** A Node that runs the SDK and Headroom's CLI; the terminal's own may be older. */
export const node = process.execPath;

/** Runs `workspace/ask.cjs` in the open terminal, and reads the requests that it caused. */
export class ChatProgram {
  readonly #workbench: Workbench;
  #runs = 0;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** Runs the program and waits for its answer. The number tells the answers apart. */
  async run(): Promise<void> {
    this.#runs += 1;
    await runInTerminal(this.#workbench, `clear; ${node} ask.cjs ${this.#runs}`);
    await terminalShows(this.#workbench, new RegExp(`(answer|failure) ${this.#runs}: `));
    await terminalShows(this.#workbench, new RegExp(`answer ${this.#runs}: .*1 choice`));
  }

  /** The chat requests that the router or a provider received since the last call. */
  received(): readonly ReceivedRequest[] {
    const { requests } = this.#workbench.emulator.world;
    const chats = requests.filter(({ path }) => path.endsWith('/chat/completions'));
    requests.length = 0;
    return chats;
  }
}
