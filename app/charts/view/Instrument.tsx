import { Menu } from '@base-ui/react/menu';
import { Tabs } from '@base-ui/react/tabs';
import { useRef, useState, type ReactNode } from 'react';
import type { Table } from '../../../src/base/table.ts';
import '../charts.css';
import { Legend } from './Legend.tsx';
import { composePicture } from './picture.ts';
import { Plot } from './Plot.tsx';
import { useInner } from './provider.tsx';
import { saveBlob, saveCsv } from './save.ts';
import { TableDialog } from './TableDialog.tsx';
import { plainTheme } from '../theme.ts';
import { usePlot, useSize } from './use-plot.ts';
import { instruments, viewInfo, type InstrumentId, type ViewId } from '../views.ts';

export interface InstrumentProps {
  readonly id: InstrumentId;
  /** Further buttons in its head, e.g. one that makes it fill the screen. */
  readonly actions?: ReactNode;
  readonly initialView?: ViewId;
  readonly onView?: (view: ViewId) => void;
}

/** Size of a saved picture is that of the plot, at this many pixels per CSS pixel. */
const PICTURE_SCALE = 2;

/** One of the four instruments: title, views, plot, legend, and its numbers to look at and to keep. Fills its parent. */
export function Instrument({ id, actions, initialView, onView }: InstrumentProps) {
  const { title, views } = instruments[id];
  const [view, setView] = useState<ViewId>(initialView ?? views[0].id);
  const { client, theme, choices, choose } = useInner();
  const choice = choices[view] ?? null;
  const host = useRef<HTMLDivElement>(null);
  const room = useRef<HTMLDivElement>(null);
  const size = useSize(room);
  const state = usePlot(host, size, view, choice);
  const [tables, setTables] = useState<readonly Table[] | null>(null);
  const [trouble, setTrouble] = useState('');
  const { layout } = state;

  const attempt = (action: () => Promise<void>) => {
    setTrouble('');
    action().catch((error: unknown) => setTrouble(error instanceof Error ? error.message : String(error)));
  };
  const getTables = async () => (await client?.calls.tables(view)) ?? [];
  const openTable = () => attempt(async () => setTables(await getTables()));
  const keepCsv = () =>
    attempt(async () => {
      const got = await getTables();
      if (got.length === 0) throw new Error('There are no numbers to save yet.');
      got.forEach(saveCsv);
    });
  const keepPicture = (dark: boolean) =>
    attempt(async () => {
      if (client === null || theme === null) throw new Error('The charts are not running.');
      const colors = theme.dark === dark ? theme : plainTheme(dark, theme.family);
      const request = { view, choice, ...size, height: state.height, devicePixelRatio: PICTURE_SCALE };
      const drawn = await client.calls.render(request, colors);
      const canvas = composePicture({ title, ...drawn, theme: colors, scale: PICTURE_SCALE });
      drawn.bitmap.close();
      saveBlob(await canvas.convertToBlob({ type: 'image/png' }), `halfsecond-${view}.png`);
    });

  return (
    <section className="chart" aria-label={title} data-view={view}>
      <Tabs.Root
        className="chart-root"
        value={view}
        onValueChange={(next: ViewId) => {
          setView(next);
          onView?.(next);
        }}
      >
        <header className="chart-head">
          <h3 className="chart-title">{title}</h3>
          <Tabs.List className="chart-tabs" aria-label={`Views of "${title}"`}>
            {views.map((v) => (
              <Tabs.Tab key={v.id} value={v.id} className="chart-tab">
                {v.tab}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Menu.Root>
            <Menu.Trigger
              className="chart-button chart-more"
              aria-label={`Keep or list the numbers of "${title}"`}
            >
              <span aria-hidden="true">{'\u22ef'}</span>
            </Menu.Trigger>
            <Menu.Portal>
              <Menu.Positioner className="chart-positioner" align="end" sideOffset={4}>
                <Menu.Popup className="chart-menu">
                  <Menu.Item onClick={openTable}>Numbers as a table</Menu.Item>
                  <Menu.Item onClick={keepCsv}>
                    Save numbers (CSV{viewInfo(view).tables.length > 1 ? ', one per table' : ''})
                  </Menu.Item>
                  <Menu.Item onClick={() => keepPicture(false)}>Save picture, light (PNG)</Menu.Item>
                  <Menu.Item onClick={() => keepPicture(true)}>Save picture, dark (PNG)</Menu.Item>
                </Menu.Popup>
              </Menu.Positioner>
            </Menu.Portal>
          </Menu.Root>
          {actions}
        </header>
        <div className="chart-sub">
          <p className="chart-caption" title={layout?.caption}>
            {layout?.caption ?? '\u00a0'}
          </p>
          {layout?.choice && (
            <select
              className="chart-choice"
              aria-label={layout.choice.label}
              value={layout.choice.value}
              onChange={(event) => choose(view, event.target.value)}
            >
              {layout.choice.options.map((o) => (
                <option key={o.value} value={o.value}>
                  {o.text}
                </option>
              ))}
            </select>
          )}
        </div>
        <Tabs.Panel value={view} keepMounted tabIndex={-1} className="chart-panel">
          <Plot name={title} state={state} size={size} host={host} room={room} />
        </Tabs.Panel>
      </Tabs.Root>
      {layout !== null && <Legend entries={layout.legend} />}
      {layout !== null && layout.sentence !== '' && (
        <p className="chart-sentence" title={layout.sentence}>
          {layout.sentence}
        </p>
      )}
      {trouble !== '' && (
        <p className="chart-trouble" role="alert">
          {trouble}
        </p>
      )}
      <TableDialog title={title} tables={tables} onClose={() => setTables(null)} />
    </section>
  );
}
