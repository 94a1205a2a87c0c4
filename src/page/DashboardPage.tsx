import { useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks';
import type { MessageFromPage } from '../view/dashboard/dashboardState.ts';
import { Patterns } from './charts/Patterns.tsx';
import { readKept, send, writeKept } from './host.ts';
import { type Kept, parseKept } from './kept.ts';
import { PageHeader } from './PageHeader.tsx';
import { PanelCard } from './PanelCard.tsx';
import { type Reader, readerContext } from './reader.ts';
import { Skeleton } from './Skeleton.tsx';
import { useMessages } from './useMessages.ts';

/** The whole page: a header, and a card for each panel. */
export function DashboardPage() {
  const { received, notice, setNotice } = useMessages();
  const [kept, setKept] = useState<Kept>(() => parseKept(readKept()));
  // before the first paint: the answer takes longer
  useLayoutEffect(() => send({ kind: 'ready', range: kept.range }), []);
  useEffect(() => writeKept(kept), [kept]);
  const { locale, words, now = 0 } = received?.state ?? {};
  const clockAheadMs = now - (received?.at ?? 0);
  const reader = useMemo(
    (): Reader => ({
      locale: locale ?? 'en',
      words: words ?? {},
      now: () => performance.now() + clockAheadMs,
    }),
    [locale, words, Math.round(clockAheadMs / 1_000)],
  );
  const actions = useMemo(() => {
    const request = (message: MessageFromPage) => {
      setNotice('');
      send(message);
    };
    const change = (part: (before: Kept) => Partial<Kept>) =>
      setKept(before => ({ ...before, ...part(before) }));
    return { request, change, say: setNotice };
  }, []);

  if (!received) return <Skeleton notice={notice} />;
  const { state } = received;
  return (
    <readerContext.Provider value={reader}>
      <PageHeader title={state.title} range={state.range} notice={notice} {...actions} />
      <Patterns />
      <div class="grid">
        {state.panels.map(panel => (
          <PanelCard
            key={panel.id}
            panel={panel}
            split={kept.splits[panel.id]}
            hidden={kept.hidden[panel.id]}
            isOpen={kept.open.includes(panel.id)}
            {...actions}
          />
        ))}
      </div>
    </readerContext.Provider>
  );
}
