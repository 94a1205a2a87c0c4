import type { ComponentChildren } from 'preact';
import { formatUsd } from '../../limits/account/money.ts';
import { useReader } from '../reader.ts';
import { dayFormat } from './dayFormat.ts';
import { ForecastDrawing } from './ForecastDrawing.tsx';
import { type Forecast, forecastStops, nearestStop } from './forecastStops.ts';
import { Plot } from './Plot.tsx';
import { Swatch, type TooltipRow } from './Tooltip.tsx';

const height = 240;

/** Spend of a month as a line, and what it will come to as a band. */
export function ForecastChart({ title, chart }: { readonly title: string; readonly chart: Forecast }) {
  const { locale, say } = useReader();
  const { from, until, band } = chart;
  const stops = forecastStops(chart);
  const day = dayFormat(locale);
  const usd = (nanoUsd: number) => formatUsd(nanoUsd, locale);
  const rowsAt = (index: number): readonly TooltipRow[] => {
    const { spent, expected } = stops[index] ?? {};
    if (!expected) {
      const text = spent === null || spent === undefined ? say('unknown') : usd(spent);
      return [{ id: 'spent', label: say('spent'), text, look: 'spent' }];
    }
    return [
      { id: 'likely', label: say('likely'), text: usd(expected.likely), look: 'expected' },
      { id: 'between', label: say('between', usd(expected.low), usd(expected.high)), text: '', look: 'band' },
    ];
  };
  const dayOf = (index: number) => day.format(stops[index]?.at ?? from);

  return (
    <>
      <Plot
        title={title}
        height={height}
        count={stops.length}
        placeAt={share => nearestStop(stops, from + share * (until - from))}
        valueText={index =>
          [dayOf(index), ...rowsAt(index).map(({ label, text }) => `${label} ${text}`.trim())].join(', ')
        }
        draw={(width, active) => (
          <ForecastDrawing
            chart={chart}
            width={width}
            height={height}
            stop={active === undefined ? undefined : stops[active]}
            title={active === undefined ? '' : dayOf(active)}
            rows={active === undefined ? [] : rowsAt(active)}
          />
        )}
      />
      <ul class="legend">
        <Key text={say('spent')}>
          <LineSample look="spent" />
        </Key>
        {band.length > 0 && (
          <>
            <Key text={say('likely')}>
              <LineSample look="expected" />
            </Key>
            <Key text={say('likelyRange')}>
              <Swatch look="band" />
            </Key>
          </>
        )}
      </ul>
    </>
  );
}

function Key({ text, children }: { readonly text: string; readonly children: ComponentChildren }) {
  return (
    <li class="key">
      {children}
      <span class="legend-label">{text}</span>
    </li>
  );
}

function LineSample({ look }: { readonly look: string }) {
  return (
    <svg class="swatch" width="14" height="10" aria-hidden="true">
      <line class={`line ${look}`} x1="0" x2="14" y1="5" y2="5" />
    </svg>
  );
}
