/** Timers of this bundle, which holds the tests and the parts of `src` that they import. */
export interface WatchedTimers {
  /** Call sites of the timers that still run. */
  pending(): string[];
  restore(): void;
}

export function watchTimers(): WatchedTimers {
  const real = { setTimeout, setInterval, clearTimeout, clearInterval };
  const running = new Map<unknown, string>();
  type Start = (callback: (...args: unknown[]) => void, delayMs?: number, ...args: unknown[]) => unknown;
  const watched = (start: Start, repeats: boolean): Start => {
    return (callback, delayMs, ...args) => {
      const timer = start(
        (...passed) => {
          if (!repeats) running.delete(timer);
          callback(...passed);
        },
        delayMs,
        ...args,
      );
      const [, , caller = ''] = new Error().stack?.split('\n') ?? [];
      if (caller.includes(__filename)) running.set(timer, `${delayMs} ms ${caller.trim()}`);
      return timer;
    };
  };
  const ended = (clear: (timer: never) => void) => (timer: unknown) => {
    running.delete(timer);
    clear(timer as never);
  };
  Object.assign(globalThis, {
    setTimeout: watched(real.setTimeout as Start, false),
    setInterval: watched(real.setInterval as Start, true),
    clearTimeout: ended(real.clearTimeout),
    clearInterval: ended(real.clearInterval),
  });
  return {
    pending: () => [...running.values()],
    restore: () => Object.assign(globalThis, real),
  };
}
