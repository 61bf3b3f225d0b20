import { StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { tableBuffers } from '../../../../src/base/table.ts';
import { Chart } from '../../view/Chart.tsx';
import { Instrument } from '../../view/Instrument.tsx';
import { ChartsProvider, useCharts } from '../../view/ChartsProvider.tsx';
import { marketFixtures } from '../fixtures.ts';
import { experimentFixtures } from '../experiment-fixtures.ts';
import { trainingFixtures } from '../training-fixtures.ts';
import { instruments, type InstrumentId, type RoomViewId } from '../../views.ts';
import './gallery.css';

/**
 * Every view with test data, at the size that it has on the page. The product does not link here.
 * Parameters: `?theme=dark`, `?width=358&height=260`, `?view=slices-forest`, `?empty`.
 */
const query = new URLSearchParams(location.search);
document.documentElement.dataset['theme'] = query.get('theme') ?? 'light';
const width = Number(query.get('width') ?? 400);
const height = Number(query.get('height') ?? 230);
const only = query.get('view');
const empty = query.has('empty');

function Feed() {
  const { connect, generation } = useCharts();
  useEffect(() => {
    const port = connect();
    const tables = empty ? [] : marketFixtures();
    port.postMessage({ kind: 'tables', tick: 1, tables }, tables.flatMap(tableBuffers));
    return () => port.close();
  }, [connect, generation]);
  return null;
}

const rooms = { ...trainingFixtures(), ...experimentFixtures() };
const charts = [
  ...(Object.keys(instruments) as InstrumentId[]).flatMap((id) =>
    instruments[id].views.map(({ id: view }) => ({ view, chart: <Instrument id={id} initialView={view} /> })),
  ),
  ...(Object.keys(rooms) as RoomViewId[]).map((view) => ({
    view,
    chart: <Chart title={view} view={view} tables={empty ? [] : rooms[view]} />,
  })),
].filter(({ view }) => only === null || view === only);

/** For the test, which takes it down again. */
export const root = createRoot(document.getElementById('root') as HTMLElement);
root.render(
  <StrictMode>
    <ChartsProvider>
      <Feed />
      <main className="gallery">
        {charts.map(({ view, chart }) => (
          <div key={view} style={{ display: 'flex', flexDirection: 'column', width, minHeight: height }}>
            {chart}
          </div>
        ))}
      </main>
    </ChartsProvider>
  </StrictMode>,
);
