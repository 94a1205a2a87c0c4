/** Pauses between tries for the remembered port: a gateway that is ending may hold it for a while. */
const pausesMs = [300, 700, 1_500];

/** Another program listens on the port. */
export class PortNotFree extends Error {
  override readonly name = 'PortNotFree';
}

export interface PortSearch {
  /** @throws PortNotFree */
  readonly listen: (port: number) => Promise<string>;
  /** The start was cancelled. */
  readonly isOver: () => boolean;
  readonly onTaken: () => void;
}

/**
 * Resolves with the gateway's URL: at `port` if it becomes free, else at any free port. The previous window's
 * gateway may still be ending on it.
 * @param port 0: any free port
 */
export async function listenNear(port: number, { listen, isOver, onTaken }: PortSearch): Promise<string> {
  for (const pauseMs of [...pausesMs, 0]) {
    try {
      return await listen(port);
    } catch (error) {
      if (port === 0 || !(error instanceof PortNotFree)) throw error;
      await new Promise(resolve => setTimeout(resolve, pauseMs));
      if (isOver()) throw error;
    }
  }
  onTaken();
  return await listen(0);
}
