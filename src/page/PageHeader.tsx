import { type Range, ranges } from '../view/dashboard/dashboardState.ts';
import type { Actions } from './actions.ts';
import { ExportMenu } from './ExportMenu.tsx';
import { useReader } from './reader.ts';

interface Props extends Actions {
  readonly title: string;
  readonly range: Range;
  readonly notice: string;
}

/** Who pays, the time that the charts cover, and exports. */
export function PageHeader({ title, range, notice, ...actions }: Props) {
  const { say } = useReader();
  const choose = (chosen: Range) => {
    actions.change(() => ({ range: chosen }));
    actions.request({ kind: 'range', range: chosen });
  };
  return (
    <header class="page-header">
      <h1 title={title}>{title}</h1>
      <div class="tools">
        <select
          aria-label={say('timeRange')}
          value={range}
          onChange={({ currentTarget }) => choose(currentTarget.value as Range)}
        >
          {ranges.map(id => (
            <option key={id} value={id}>
              {say(id)}
            </option>
          ))}
        </select>
        <ExportMenu request={actions.request} />
      </div>
      <p class="notice" role="status">
        {notice}
      </p>
    </header>
  );
}
