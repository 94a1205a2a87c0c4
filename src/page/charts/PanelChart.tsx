import type { Chart } from '../../view/dashboard/dashboardState.ts';
import type { PanelProps } from '../panelProps.ts';
import { AmountList } from './AmountList.tsx';
import { BinsChart } from './BinsChart.tsx';
import { ForecastChart } from './ForecastChart.tsx';
import { GaugeList } from './GaugeList.tsx';

export function PanelChart({ chart, ...props }: PanelProps & { readonly chart: Chart }) {
  switch (chart.kind) {
    case 'bins':
      return <BinsChart {...props} chart={chart} />;
    case 'forecast':
      return <ForecastChart title={props.panel.title} chart={chart} />;
    case 'gauges':
      return <GaugeList gauges={chart.gauges} />;
    case 'amounts':
      return <AmountList chart={chart} />;
  }
}
