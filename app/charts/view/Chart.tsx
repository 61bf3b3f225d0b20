import { Menu } from '@base-ui/react/menu';
import { Tabs } from '@base-ui/react/tabs';
import { useRef, useState, type ReactNode } from 'react';
import type { Table } from '../../../src/base/table.ts';
import '../styles/words.css';
import '../styles/chart.css';
import '../styles/numbers.css';
import { plainTheme } from '../theme.ts';
import type { ChartView } from '../views.ts';
import { useChartContext } from './ChartsProvider.tsx';
import { ChartLegend } from './ChartLegend.tsx';
import { composePicture } from './picture.ts';
import { originLine, originNow } from './origin.ts';
import { Plot } from './Plot.tsx';
import { withTexts } from './png-text.ts';
import { saveBlob, saveCsv } from './save.ts';
import { TableDialog } from './TableDialog.tsx';
import { usePlot, useSize } from './use-plot.ts';

export interface ChartProps {
  readonly title: string;
  readonly view: ChartView;
  /** The tables to draw, main one first; by default the engine's. Keep the array stable. */
  readonly tables?: readonly Table[];
  /** Tabs that choose the view; the chart is then their panel. */
  readonly tabs?: ReactNode;
  /** Further buttons in its head. */
  readonly actions?: ReactNode;
}

/** Pixels of a saved picture per CSS pixel of the plot. */
const PICTURE_SCALE = 2;

/** A chart that fills its parent. Its menu lists or saves its numbers, and saves its picture. */
export function Chart({ title, view, tables, tabs, actions }: ChartProps) {
  const { client, theme, choices, choose } = useChartContext();
  const choice = choices[view] ?? null;
  const host = useRef<HTMLDivElement>(null);
  const room = useRef<HTMLDivElement>(null);
  const size = useSize(room);
  const state = usePlot(host, size, view, tables ?? null, choice);
  const [listed, setListed] = useState<readonly Table[] | null>(null);
  const [trouble, setTrouble] = useState('');
  const { layout } = state;

  const attempt = (action: () => Promise<void>) => {
    setTrouble('');
    action().catch((error: unknown) => setTrouble(error instanceof Error ? error.message : String(error)));
  };
  const getTables = async () => tables ?? (await client?.calls.tables(view)) ?? [];
  const listNumbers = () => attempt(async () => setListed(await getTables()));
  const saveNumbers = () =>
    attempt(async () => {
      const got = await getTables();
      if (got.length === 0) throw new Error('There are no numbers to save yet.');
      for (const table of got) await saveCsv(table);
    });
  const savePicture = (dark: boolean) =>
    attempt(async () => {
      if (client === null || theme === null) throw new Error('The charts are not running.');
      const colors = theme.dark === dark ? theme : plainTheme(dark, theme.family);
      const request = {
        ...{ view, tables: tables ?? null, choice },
        ...{ ...size, height: state.height, devicePixelRatio: PICTURE_SCALE },
      };
      const drawn = await client.calls.render(request, colors);
      const origin = await originNow();
      const canvas = composePicture({
        ...{ title, ...drawn, theme: colors, scale: PICTURE_SCALE },
        origin: originLine(origin),
      });
      drawn.bitmap.close();
      const blob = await withTexts(await canvas.convertToBlob({ type: 'image/png' }), origin);
      saveBlob(blob, `halfsecond-${tables?.at(0)?.name ?? view}.png`);
    });

  const plot = <Plot name={title} state={state} size={size} host={host} room={room} />;
  return (
    <section className="chart" aria-label={title} data-view={view}>
      <header className="chart-head">
        <h3 className="chart-title">{title}</h3>
        {tabs}
        <Menu.Root>
          <Menu.Trigger
            className="chart-button chart-more"
            aria-label={`Save or list the numbers of "${title}"`}
          >
            <span aria-hidden="true">{'\u22ef'}</span>
          </Menu.Trigger>
          <Menu.Portal>
            <Menu.Positioner className="chart-positioner" align="end" sideOffset={4}>
              <Menu.Popup className="chart-menu">
                <Menu.Item onClick={listNumbers}>Numbers as a table</Menu.Item>
                <Menu.Item onClick={saveNumbers}>Save numbers (CSV)</Menu.Item>
                <Menu.Item onClick={() => savePicture(false)}>Save picture, light (PNG)</Menu.Item>
                <Menu.Item onClick={() => savePicture(true)}>Save picture, dark (PNG)</Menu.Item>
              </Menu.Popup>
            </Menu.Positioner>
          </Menu.Portal>
        </Menu.Root>
        {actions}
      </header>
      <div className="chart-sub">
        <p className="chart-caption" title={layout?.caption}>
          {layout !== null && layout.shortCaption !== '' ? (
            <>
              <span className="chart-whole">{layout.caption}</span>
              <span className="chart-short">{layout.shortCaption}</span>
            </>
          ) : (
            (layout?.caption ?? '\u00a0')
          )}
        </p>
        {layout?.metric && (
          <select
            className="chart-choice chart-metric"
            title="The outcome that is compared"
            aria-label={layout.metric.label}
            value={layout.metric.value}
            onChange={({ target }) => client?.tell(({ measure }) => measure(target.value))}
          >
            {layout.metric.options.map((o) => (
              <option key={o.value} value={o.value}>
                {o.text}
              </option>
            ))}
          </select>
        )}
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
      {tabs === undefined ? (
        <div className="chart-panel">{plot}</div>
      ) : (
        <Tabs.Panel value={view} keepMounted tabIndex={-1} className="chart-panel">
          {plot}
        </Tabs.Panel>
      )}
      {layout !== null && <ChartLegend entries={layout.legend} />}
      {layout !== null && layout.sentence !== '' && (
        <p className="chart-sentence" title={layout.sentence}>
          <span className="chart-whole">{layout.sentence}</span>
          <span className="chart-short">{withoutFigures(layout.sentence)}</span>
        </p>
      )}
      {trouble !== '' && (
        <p className="chart-trouble" role="alert">
          {trouble}
        </p>
      )}
      <TableDialog title={title} tables={listed} onClose={() => setListed(null)} />
    </section>
  );
}

/** What a sentence says before its figures, which stand in brackets or after a colon. */
const withoutFigures = (sentence: string): string => sentence.replace(/(?: \(|: ).*$/s, '.');
