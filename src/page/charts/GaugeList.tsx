import type { Chart } from '../../view/dashboard/dashboardState.ts';
import { useReader } from '../reader.ts';
import { useSeconds } from '../useSeconds.ts';
import { LabelledBar } from './LabelledBar.tsx';
import { resetText } from './resetText.ts';
import { mostRows } from './rows.ts';

type Gauge = Extract<Chart, { kind: 'gauges' }>['gauges'][number];

/** What is left of each limit: a full bar has all of it left. */
export function GaugeList({ gauges }: { readonly gauges: readonly Gauge[] }) {
  const { say } = useReader();
  if (gauges.length === 0) return <p class="empty">{say('nothing')}</p>;
  const more = gauges.length - mostRows;
  return (
    <>
      <ul class="bars">
        {gauges.slice(0, mostRows).map(gauge => (
          <li key={gauge.id}>
            <LabelledBar
              label={gauge.label}
              value={gauge.value}
              share={gauge.left ?? undefined}
              look={`level-${gauge.level}`}
            >
              <span class="bar-note">
                {gauge.level === 'low' || gauge.level === 'out' ? say(gauge.level) : ''}
              </span>
              {gauge.resetsAt !== undefined && <Countdown resetsAt={gauge.resetsAt} />}
            </LabelledBar>
          </li>
        ))}
      </ul>
      {more > 0 && <p class="empty">{say('moreInTable', String(more))}</p>}
    </>
  );
}

/** Drawn each second, alone. */
function Countdown({ resetsAt }: { readonly resetsAt: number }) {
  const { locale, say, now } = useReader();
  useSeconds();
  return <span class="bar-reset">{resetText(resetsAt, now(), locale, say)}</span>;
}
