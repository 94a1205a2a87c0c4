import type { RefObject } from 'preact';
import { DataTable } from './DataTable.tsx';
import type { PanelProps } from './panelProps.ts';
import { chartPicture } from './picture.ts';
import { useReader } from './reader.ts';

/** The figures behind a chart as a table, and what can be saved of them. */
export function PanelData({
  panel: { id, title, table },
  isOpen,
  picture,
  request,
  change,
  say: announce,
}: PanelProps & { readonly picture: RefObject<HTMLDivElement | null> }) {
  const { say } = useReader();
  const toggle = (open: boolean) => {
    if (open === isOpen) return;
    change(before => ({ open: open ? [...before.open, id] : before.open.filter(other => other !== id) }));
  };
  const savePicture = async () => {
    const data = picture.current ? await chartPicture(picture.current, title) : undefined;
    if (data === undefined) announce(say('noPicture'));
    else request({ kind: 'export-png', panel: id, data });
  };
  const hasPicture = isOpen && picture.current?.querySelector('svg.chart');
  return (
    <details class="data" open={isOpen} onToggle={({ currentTarget }) => toggle(currentTarget.open)}>
      <summary>{say('tableAndExport')}</summary>
      {isOpen && (
        <>
          <DataTable title={title} table={table} />
          <div class="export-row">
            <button type="button" onClick={() => request({ kind: 'export', format: 'csv', panel: id })}>
              {say('csv')}
            </button>
            <button type="button" onClick={() => request({ kind: 'export', format: 'json', panel: id })}>
              {say('json')}
            </button>
            {hasPicture && (
              <button type="button" onClick={savePicture}>
                {say('picture')}
              </button>
            )}
          </div>
        </>
      )}
    </details>
  );
}
