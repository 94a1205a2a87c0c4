import { useEffect, useState } from 'preact/hooks';

const secondMs = 1_000;

/** Draws the component again on each whole second of the clock, so that all countdowns move together. */
export function useSeconds(): void {
  const [, tick] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      timer = setTimeout(
        () => {
          tick(count => count + 1);
          wait();
        },
        secondMs - (Date.now() % secondMs),
      );
    };
    wait();
    return () => clearTimeout(timer);
  }, []);
}
