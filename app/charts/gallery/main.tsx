import { StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { tableBuffers } from '../../../src/base/table.ts';
import { Instrument } from '../view/Instrument.tsx';
import { ChartsProvider, useCharts } from '../view/provider.tsx';
import { allTables } from '../testing/fixtures.ts';
import { instruments, type InstrumentId, type ViewId } from '../views.ts';
import './gallery.css';

/**
 * Every view of every chart with test data, at the size it has on the page. For people who work on the charts; the product does not
 * link here. `?theme=dark`, `?width=358&height=260`, `?view=slices-forest`.
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
    const tables = empty ? [] : allTables();
    port.postMessage({ kind: 'tables', tick: 1, tables }, tables.flatMap(tableBuffers));
    return () => port.close();
  }, [connect, generation]);
  return null;
}

const all = (Object.keys(instruments) as InstrumentId[]).flatMap((id) =>
  instruments[id].views.map((view) => ({ id, view: view.id })),
);

/** For the test, which takes it down again. */
export const root = createRoot(document.getElementById('root') as HTMLElement);
root.render(
  <StrictMode>
    <ChartsProvider>
      <Feed />
      <main className="gallery">
        {all
          .filter(({ view }) => only === null || view === (only as ViewId))
          .map(({ id, view }) => (
            <div key={view} style={{ width, height }}>
              <Instrument id={id} initialView={view} />
            </div>
          ))}
      </main>
    </ChartsProvider>
  </StrictMode>,
);
