import { Tabs } from '@base-ui/react/tabs';
import { useRef, useState, type ReactNode } from 'react';
import type { Table } from '../../../src/base/table.ts';
import '../styles/chart.css';
import '../styles/numbers.css';
import { plainTheme } from '../theme.ts';
import type { ChartView } from '../views.ts';
import { useChartContext } from './ChartsProvider.tsx';
import { ChartLegend } from './ChartLegend.tsx';
import { originNow, type Origin } from './origin.ts';
import { withOrigin } from './picture-origin.ts';
import { Plot } from './Plot.tsx';
import { saveBlob, saveCsv } from './save.ts';
import { usePlot, useSize } from './use-plot.ts';
import type { PictureFormat } from '../worker/picture.ts';
import type { DrawnTables } from '../worker/renderer.ts';
import { late } from '../../ui/late/late.tsx';
import { MenuButton } from '../../ui/late/MenuButton.tsx';
import type { TableDialogProps } from './TableDialog.tsx';

const TableDialog = late<TableDialogProps>(
  'The list of numbers',
  () => import('./TableDialog.tsx'),
  'card',
  'soon',
);

const menuClasses = { positioner: 'chart-positioner', menu: 'chart-menu', item: '' };

export interface ChartProps {
  readonly title: string;
  readonly view: ChartView;
  /** The tables to draw, main one first; by default the engine's. Keep the array stable. */
  readonly tables?: readonly Table[];
  /** Tabs that choose the view; the chart is then their panel. */
  readonly tabs?: ReactNode;
  /** The policy that it shows, where two stand side by side on the same scales. */
  readonly policy?: { readonly pair: 'a' | 'b'; readonly name: string };
  /** Further buttons in its head. */
  readonly actions?: ReactNode;
}

const pictures = (['png', 'svg'] as const).flatMap((format) =>
  [false, true].map((dark) => ({
    ...{ format, dark },
    text: `Save picture, ${dark ? 'dark' : 'light'} (${format.toUpperCase()})`,
  })),
);

/** A chart that fills its parent. Its menu lists or saves its numbers, and saves its picture. */
export function Chart({ title, view, tables, tabs, policy, actions }: ChartProps) {
  const { client, theme, choices, choose } = useChartContext();
  const choice = choices[view] ?? null;
  const room = useRef<HTMLDivElement>(null);
  const size = useSize(room);
  const state = usePlot(size, view, tables ?? null, choice, policy?.pair ?? null);
  const name = policy === undefined ? title : `${title} ${letterOf(policy)}: ${policy.name}`;
  const [listed, setListed] = useState<DrawnTables | null>(null);
  const [trouble, setTrouble] = useState('');
  const layout = state.drawn?.layout ?? null;

  const attempt = (action: () => Promise<void>) => {
    setTrouble('');
    action().catch((error: unknown) => setTrouble(error instanceof Error ? error.message : String(error)));
  };
  const running = () => {
    if (client === null || theme === null) throw new Error('The charts are not running.');
    return { calls: client.calls, theme };
  };
  const listNumbers = () => attempt(async () => setListed(await running().calls.tables(state.slot)));
  const saveNumbers = () =>
    attempt(async () => {
      const got = await running().calls.tables(state.slot);
      if (got.tables.length === 0) throw new Error('There are no numbers to save yet.');
      for (const table of got.tables) await saveCsv(table, originOf(policy));
    });
  const savePicture = (format: PictureFormat, dark: boolean) =>
    attempt(async () => {
      const { calls, theme: own } = running();
      const colors = own.dark === dark ? own : plainTheme(dark, own.family);
      const drawn = await calls.picture(state.slot, name, format, colors);
      const file = await withOrigin(drawn, format, { ...(await originNow()), ...originOf(policy) });
      const letter = policy === undefined ? '' : `-${letterOf(policy)}`;
      saveBlob(file, `halfsecond-${tables?.at(0)?.name ?? view}${letter}.${format}`);
    });

  const plot = <Plot name={name} state={state} size={size} room={room} />;
  return (
    <section className="chart" aria-label={name} data-view={view}>
      <header className="chart-head">
        {policy === undefined ? (
          <h3 className="chart-title">{title}</h3>
        ) : (
          <h4 className="chart-policy" data-pair={policy.pair}>
            <b>{letterOf(policy)}</b> {policy.name}
          </h4>
        )}
        {tabs}
        <MenuButton
          trigger={{
            className: 'chart-button chart-more',
            'aria-label': `Save or list the numbers of "${name}"`,
            children: <span aria-hidden="true">{'\u22ef'}</span>,
          }}
          align="end"
          gap={4}
          classes={menuClasses}
          items={[
            { text: 'Numbers as a table', onClick: listNumbers },
            { text: 'Save numbers (CSV)', onClick: saveNumbers },
            ...pictures.map(({ format, dark, text }) => ({ text, onClick: () => savePicture(format, dark) })),
          ]}
        />
        {actions}
      </header>
      <div className="chart-sub">
        <p className="chart-caption">{layout?.caption ?? '\u00a0'}</p>
        {layout?.metric && (
          <select
            className="chart-choice"
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
      {layout !== null && layout.sentence !== '' && <p className="chart-sentence">{layout.sentence}</p>}
      {trouble !== '' && (
        <p className="chart-trouble" role="alert">
          {trouble}
        </p>
      )}
      {listed !== null && (
        <TableDialog title={name} origin={originOf(policy)} listed={listed} onClose={() => setListed(null)} />
      )}
    </section>
  );
}

type ShownPolicy = NonNullable<ChartProps['policy']>;

const letterOf = ({ pair }: ShownPolicy) => (pair === 'a' ? 'A' : 'B');

/** What a saved file of one policy says beside the origin of the page. */
const originOf = (policy: ShownPolicy | undefined): Origin =>
  policy === undefined ? {} : { policy: letterOf(policy) };
