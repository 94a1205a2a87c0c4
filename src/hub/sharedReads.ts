import type { OnReadOpts, Socket } from 'node:net';

/** Takes what a socket reads. The bytes are its own. */
export interface Reader {
  read(bytes: Buffer): void;
}

/** A socket made with `sharedReads`: it emits no `data`. */
export interface ReadingSocket extends Socket {
  reader?: Reader;
}

const buffer = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * For `net.connect` and `tls.connect`: all sockets read into one buffer, and what came is copied. Otherwise Node makes
 * a buffer of 64 KiB for each read, to shorten it afterwards, which takes a tenth of a small request's time.
 */
export const sharedReads: { readonly onread: OnReadOpts } = {
  onread: {
    buffer,
    callback(this: ReadingSocket, length: number): boolean {
      // not of Node's pool, of which whoever keeps one piece keeps 8 KiB
      const bytes = Buffer.allocUnsafeSlow(length);
      buffer.copy(bytes, 0, 0, length);
      this.reader?.read(bytes);
      // who wants no more has paused the socket
      return true;
    },
  },
};
