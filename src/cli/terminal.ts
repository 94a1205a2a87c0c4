const leastWidth = 40;
const mostWidth = 80;
const signalCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** Ends what is under way at the first Ctrl+C; a second one finds Node's own way of ending. */
export function interruptible() {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const onSignal = (name: keyof typeof signalCodes) => {
    exitCode = signalCodes[name];
    controller.abort();
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    dispose() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}

/** A line for people who wait: HF's stream takes about ten seconds. Returns what erases it. */
export function showProgress(): () => void {
  const { stderr } = process;
  if (!stderr.isTTY) return () => {};
  stderr.write('Asking Hugging Face…');
  return () => void stderr.write('\r\x1b[K');
}

/** Some terminals say that they have no columns, and below the least nothing can be laid out. */
export function tableWidth(): number {
  return Math.max(leastWidth, Math.min(mostWidth, process.stdout.columns || mostWidth));
}
