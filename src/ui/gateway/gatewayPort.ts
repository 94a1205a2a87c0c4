/** Between the tries for the port that programs know: a gateway that ends may hold it for a while. */
const pausesMs = [300, 700, 1_500];

/** Another program listens there. */
export class PortNotFree extends Error {
  override readonly name = 'PortNotFree';
}

export interface PortSearch {
  /** Rejects with `PortNotFree` where another program listens. */
  readonly listen: (port: number) => Promise<string>;
  /** Nobody wants it any more. */
  readonly isOver: () => boolean;
  readonly onTaken: () => void;
}

/**
 * Resolves with the address of the gateway. The one of the window before this one may just be ending, on the port that
 * this one is to have.
 * @param port 0: any that is free
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
