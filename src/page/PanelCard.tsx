import { useMemo, useRef } from 'preact/hooks';
import { PanelChart } from './charts/PanelChart.tsx';
import { PanelData } from './PanelData.tsx';
import type { PanelProps } from './panelProps.ts';

/** Drawn again only when something about it changed. */
export function PanelCard(props: PanelProps) {
  return useMemo(() => <Card {...props} />, [props.panel, props.split, props.hidden, props.isOpen]);
}

function Card(props: PanelProps) {
  const { panel, request } = props;
  const { id, title, summary, detail, source, note, problem, action, chart } = panel;
  const picture = useRef<HTMLDivElement>(null);
  const actionButton = action && (
    <button type="button" onClick={() => request({ kind: 'run', action: action.id })}>
      {action.label}
    </button>
  );
  return (
    <section class={`card card-${id}`} aria-labelledby={`${id}-title`}>
      <div class="card-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {problem === undefined && actionButton}
      </div>
      <p class="summary">{summary}</p>
      {detail !== undefined && <p class="detail">{detail}</p>}
      {problem !== undefined && (
        <div class="problem">
          <p>{problem}</p>
          {actionButton}
        </div>
      )}
      {chart && (
        <div ref={picture} class="picture">
          <PanelChart {...props} chart={chart} />
        </div>
      )}
      <p class={`note note-${source}`}>
        <SourceMark isCounted={source === 'counted-here'} />
        {note}
      </p>
      <PanelData {...props} picture={picture} />
    </section>
  );
}

/** A disc for Hugging Face's own figures, an open square for what was counted here; the note says it in words. */
function SourceMark({ isCounted }: { readonly isCounted: boolean }) {
  return (
    <svg class="source-mark" width="10" height="10" aria-hidden="true">
      {isCounted ? <rect x="1.5" y="1.5" width="7" height="7" /> : <circle cx="5" cy="5" r="4.5" />}
    </svg>
  );
}
