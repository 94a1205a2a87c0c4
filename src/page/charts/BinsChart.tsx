import { formatValue } from '../formatValue.ts';
import { toggled } from '../kept.ts';
import type { PanelProps } from '../panelProps.ts';
import { useReader } from '../reader.ts';
import { binAt } from './axes.ts';
import { binRows } from './binRows.ts';
import { Legend } from './Legend.tsx';
import { Plot } from './Plot.tsx';
import { SplitPicker } from './SplitPicker.tsx';
import { StackedBars } from './StackedBars.tsx';
import { looksOf } from './seriesLook.ts';
import type { Bins } from './stackedBars.ts';

const height = 200;
/** The table has them all. */
const mostEventRows = 4;

/** Stacked bars over time, with a choice of how the sums are split. */
export function BinsChart({
  panel: { id, title },
  chart: { bins, splits, unit, events = [] },
  split: chosen,
  hidden = [],
  change,
}: PanelProps & { readonly chart: Bins }) {
  const { locale, say } = useReader();
  const split = splits.find(({ id }) => id === chosen) ?? splits[0];
  const series = split?.series ?? [];
  const shown = series.filter(({ id }) => !hidden.includes(id));
  const looks = looksOf(
    split?.id ?? '',
    series.map(({ id }) => id),
  );
  const lookOf = (id: string) => looks.get(id);
  const unitName = unit === 'nano-usd' || unit === 'ms' ? undefined : say(unit);
  const rowsAt = (bin: number) => [
    ...binRows(shown, bin, count => say('others', String(count)), say('total')).map(row => ({
      ...row,
      text: row.value === null ? say('unknown') : formatValue(row.value, unit, locale),
      look: lookOf(row.id),
    })),
    ...eventsIn(bins[bin], events)
      .slice(-mostEventRows)
      .map(({ at, label, time }) => ({ id: `event ${at} ${label}`, label, text: time, isEvent: true })),
  ];

  return (
    <>
      <div class="chart-head">
        {splits.length > 1 && (
          <SplitPicker
            panel={id}
            splits={splits}
            chosen={split?.id}
            onChoose={choice => change(before => ({ splits: { ...before.splits, [id]: choice } }))}
          />
        )}
        {unitName && <span class="unit">{unitName}</span>}
      </div>
      <Plot
        title={title}
        height={height}
        count={bins.length}
        placeAt={share => binAt(share, bins.length)}
        valueText={bin =>
          [bins[bin]?.label, ...rowsAt(bin).map(({ label, text }) => `${label}: ${text}`)].join(', ')
        }
        draw={(width, active) => (
          <StackedBars
            bins={bins}
            eventful={bins.flatMap((bin, index) => (eventsIn(bin, events).length > 0 ? [index] : []))}
            series={shown}
            unit={unit}
            lookOf={lookOf}
            width={width}
            height={height}
            active={active}
            title={[active === undefined ? undefined : bins[active]?.label, unitName]
              .filter(Boolean)
              .join(' · ')}
            rows={active === undefined ? [] : rowsAt(active)}
          />
        )}
      />
      {series.length > 1 && (
        <Legend
          series={series}
          hidden={hidden}
          lookOf={lookOf}
          onToggle={one =>
            change(before => ({ hidden: { ...before.hidden, [id]: toggled(before.hidden[id] ?? [], one) } }))
          }
        />
      )}
    </>
  );
}

function eventsIn(bin: Bins['bins'][number] | undefined, events: NonNullable<Bins['events']>) {
  return bin ? events.filter(({ at }) => at >= bin.from && at < bin.until) : [];
}
