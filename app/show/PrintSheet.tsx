import { useEffect, useState } from 'react';
import { useChartContext } from '../charts/view/ChartsProvider.tsx';
import { plainTheme } from '../charts/theme.ts';
import { instruments, type InstrumentId, type ViewId } from '../charts/views.ts';
import type { ChartClient } from '../charts/worker/client.ts';
import { recordRun, type RunRecord } from '../run/run-link.ts';
import { bibtex } from '../run/snippets.ts';
import { count, knobText } from '../state/format.ts';
import { knobs, readKnob } from '../state/knobs.ts';
import { lived, useScenario } from '../state/scenario-store.ts';
import { useStatus } from '../state/status-store.ts';
import { useUi } from '../state/ui-store.ts';
import { instrumentIds } from '../ui/InstrumentFrame.tsx';
import './styles/print.css';

/** Size of a picture, CSS pixels: two of them stand side by side on A4. */
const [WIDTH, HEIGHT] = [520, 250];

interface Sheet {
  readonly run: RunRecord | null;
  readonly clock: string;
  readonly pictures: readonly { readonly id: InstrumentId; readonly url: string }[];
}

/**
 * The evening on white paper: the instruments, every knob, and where it comes from. It is made when
 * it is asked for, because charts are drawn in a worker, and removed after printing.
 */
export default function PrintSheet() {
  const isOpen = useUi((s) => s.panel === 'print');
  const { client, choices } = useChartContext();
  const [sheet, setSheet] = useState<Sheet | null>(null);

  useEffect(() => {
    if (!isOpen || client === null) return;
    let wanted = true;
    const { views } = useUi.getState();
    const shown = instrumentIds.map((id) => ({ id, view: views[id] ?? instruments[id].views[0].id }));
    Promise.all([
      recordRun().catch(() => null),
      Promise.all(
        shown.map(async ({ id, view }) => {
          const file = await drawOnWhite(client, id, view, choices[view] ?? null);
          return { id, url: URL.createObjectURL(file) };
        }),
      ),
    ]).then(
      ([run, pictures]) => {
        if (wanted) setSheet({ run, pictures, clock: useStatus.getState().status?.clock ?? '' });
      },
      (error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        useStatus.getState().notify('print', `The sheet could not be printed: ${why}`);
        useUi.getState().open(null);
      },
    );
    return () => {
      wanted = false;
    };
  }, [isOpen, client, choices]);

  useEffect(() => {
    if (sheet === null) return;
    const done = () => setSheet(null);
    window.addEventListener('afterprint', done);
    const pictures = [...document.querySelectorAll<HTMLImageElement>('.sheet img')];
    void Promise.allSettled(pictures.map((picture) => picture.decode())).then(() => {
      useUi.getState().open(null);
      window.print();
    });
    return () => {
      window.removeEventListener('afterprint', done);
      for (const { url } of sheet.pictures) URL.revokeObjectURL(url);
    };
  }, [sheet]);

  return sheet === null ? (
    isOpen && (
      <p className="visually-hidden" role="status">
        The sheet is being drawn.
      </p>
    )
  ) : (
    <SheetPages {...sheet} />
  );
}

/** A picture of a view in the colours of a light page. */
async function drawOnWhite(
  client: ChartClient,
  id: InstrumentId,
  view: ViewId,
  choice: string | null,
): Promise<Blob> {
  const slot = crypto.randomUUID();
  const request = { view, choice, tables: null, pair: null, width: WIDTH, height: HEIGHT };
  const drawn = new Promise<void>((resolve, reject) => {
    client.onSlot(slot, (event) => {
      if (event.kind === 'failed') reject(new Error(event.message));
      else resolve();
    });
  });
  try {
    await client.calls.show(slot, { ...request, devicePixelRatio: 1 });
    await drawn;
    const paper = { ...plainTheme(false, 'system-ui, sans-serif'), bg: '#ffffff' };
    return await client.calls.picture(slot, instruments[id].title, 'svg', paper);
  } finally {
    client.onSlot(slot, null);
    client.tell((chart) => chart.detach(slot));
  }
}

function SheetPages({ run, clock, pictures }: Sheet) {
  const draft = useScenario.getState();
  const { scenario, other } = draft;
  const { stages } = lived().scenario;
  const letter = other === null ? '' : ` of policy ${useUi.getState().side === 'other' ? 'B' : 'A'}`;
  return (
    <div className="sheet" aria-hidden="true">
      <header>
        <h1>{scenario.name}</h1>
        <p>
          Halfsecond{run !== null && ` ${run.version}, tick ${count(run.tick)}`} · {clock} · seed{' '}
          {scenario.seed}
        </p>
      </header>
      <section>
        {letter !== '' && <h2>The instruments{letter}</h2>}
        <div className="sheet-pictures">
          {pictures.map(({ id, url }) => (
            <img key={id} src={url} alt={instruments[id].title} />
          ))}
        </div>
      </section>
      {run !== null && (
        <section className="sheet-origin">
          <h2>Where this comes from</h2>
          <p>
            Digest <code>{run.digest}</code> after {count(run.tick)} ticks on the {run.backend.toUpperCase()}.
            The same link gives the same events, bit for bit.
          </p>
          <pre>{run.link}</pre>
          <pre>{bibtex(run, scenario.name)}</pre>
        </section>
      )}
      <section className="sheet-knobs">
        <h2>Every knob; what differs from its default is bold</h2>
        <dl>
          {knobs.map((knob) => {
            const a = readKnob(draft, knob.path);
            const b = other !== null && knob.group === 'policy' ? readKnob(draft, knob.path, 'other') : a;
            const text = knobText(knob.info, a);
            const changed = a !== knob.defaultValue || b !== a;
            return (
              <div key={knob.path} data-changed={changed || undefined}>
                <dt>{knob.info.label}</dt>
                <dd>{b === a ? text : `A ${text}, B ${knobText(knob.info, b)}`}</dd>
              </div>
            );
          })}
        </dl>
        {stages.length > 0 && (
          <p>
            Changes while it runs:{' '}
            {stages
              .map(({ atSeconds, side, policy }) => {
                const what = Object.entries(policy).map(([name, value]) => `${name} ${value}`);
                const who = other === null ? '' : ` (${side === 'b' ? 'B' : side === 'a' ? 'A' : 'A and B'})`;
                return `at ${atSeconds} s ${what.join(', ')}${who}`;
              })
              .join('; ')}
            .
          </p>
        )}
      </section>
    </div>
  );
}
