import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import type { DashboardState } from '../view/dashboard/dashboardState.ts';
import { receive } from './host.ts';
import { keepSame, withPanels } from './keepSame.ts';

interface Received {
  readonly state: DashboardState;
  /** Of `performance.now()`. */
  readonly at: number;
}

/** Long enough to read a sentence twice. */
const noticeMs = 8_000;

/** What the extension sent last: the state, and a sentence about what it did. */
export function useMessages() {
  const [received, setReceived] = useState<Received>();
  const [notice, setNotice] = useState('');
  useLayoutEffect(
    () =>
      receive(message => {
        const at = performance.now();
        switch (message.kind) {
          case 'state':
            return setReceived(before => ({ state: keepSame(before?.state, message.state), at }));
          case 'panels':
            return setReceived(before => before && { state: withPanels(before.state, message), at });
          default:
            return setNotice(message.message);
        }
      }),
    [],
  );
  useEffect(() => {
    if (notice === '' || !received) return;
    const timer = setTimeout(() => setNotice(''), noticeMs);
    return () => clearTimeout(timer);
  }, [notice, received !== undefined]);
  return { received, notice, setNotice };
}
