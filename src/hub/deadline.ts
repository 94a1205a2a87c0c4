/** A time limit and callers' signals in one, which remembers which of the two ended it. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Undefined while neither came. */
  readonly ended: 'timeout' | 'aborted' | undefined;
  /** Stops the clock; the signals still count. */
  stopClock(): void;
  dispose(): void;
}

export function startDeadline(timeoutMs: number, ...signals: (AbortSignal | undefined)[]): Deadline {
  const controller = new AbortController();
  let ended: Deadline['ended'];
  const end = (reason: 'timeout' | 'aborted') => {
    if (ended) return;
    ended = reason;
    controller.abort();
  };
  const onAbort = () => end('aborted');
  const timer = setTimeout(end, timeoutMs, 'timeout');
  for (const signal of signals) {
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
  }
  return {
    signal: controller.signal,
    get ended() {
      return ended;
    },
    stopClock: () => clearTimeout(timer),
    dispose() {
      clearTimeout(timer);
      for (const signal of signals) signal?.removeEventListener('abort', onAbort);
    },
  };
}
