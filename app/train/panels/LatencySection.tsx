import { publishedLatency } from '../../../src/experiment/tick-latency.ts';
import { NO_VALUE } from '../../state/format.ts';
import { measureLatency } from '../state/judging.ts';
import { useTrain } from '../state/store.ts';
import type { AgreementVerdict } from '../state/verdicts.ts';
import type { LatencyResult } from '../worker/protocol.ts';
import { DataTable } from './DataTable.tsx';
import { RoomKnobs } from './Knobs.tsx';
import { Verdicts } from './Verdicts.tsx';

const partText = {
  feature: 'Feature vectors',
  session: 'Session vectors',
  synchronous: 'Whole tick, synchronous',
  asynchronous: 'Whole tick, asynchronous',
} as const;
const parts = Object.keys(partText) as (keyof typeof partText)[];
const percentiles = ['p50', 'p90', 'p99', 'p999'] as const;
type Percentile = (typeof percentiles)[number];
/** Min number of ticks for a percentile. With fewer, it would be their maximum. */
const minTicks: Readonly<Record<Percentile, number>> = { p50: 1, p90: 10, p99: 100, p999: 1000 };
const ms = (x: number): string => x.toFixed(x < 9.95 ? 1 : 0);

/** What session vectors cost in the tick and outside it, measured here. */
export function LatencySection() {
  const latency = useTrain((s) => s.latency);
  const busy = useTrain((s) => s.task !== null);
  return (
    <section className="judge-section" aria-labelledby="judge-latency">
      <h2 id="judge-latency">How long does a tick take?</h2>
      <p className="room-caption">
        The parts of CUPID on this adapter, by the length of everyone&rsquo;s history. A synchronous tick
        computes the session vectors of all who wait. An asynchronous tick looks them up: they are computed
        when a match ends. Percentiles do not add up.
      </p>
      <div className="judge-start">
        <RoomKnobs group="latency" />
        <button type="button" className="button" disabled={busy} onClick={() => void measureLatency()}>
          Measure on this adapter
        </button>
      </div>
      {latency !== null && <LatencyTable latency={latency} />}
    </section>
  );
}

function LatencyTable({ latency }: { readonly latency: LatencyResult }) {
  const { adapter, people, ticks, rows } = latency;
  const measured = rows.map(({ history, parts: own }) => ({
    title: `Histories of ${history} matches`,
    rows: parts.map((part) => ({
      name: partText[part],
      cells: percentiles.map((p) => {
        const value = own.find((o) => o.part === part)?.[p];
        return value === undefined || ticks < minTicks[p] ? NO_VALUE : ms(value);
      }),
    })),
  }));
  const published = {
    title: 'Published (length of history not published)',
    published: true,
    rows: parts.map((part) => ({
      name: partText[part],
      cells: percentiles.map((p) => (p === 'p90' || p === 'p99' ? ms(publishedLatency[part][p]) : NO_VALUE)),
    })),
  };
  return (
    <>
      <Verdicts verdicts={latencyVerdicts(latency)} />
      <p className="room-caption">
        {people} people on {adapter}, {ticks} ticks of either kind per length
        {ticks < minTicks.p999 && `; percentiles that need more ticks are left out`}.
      </p>
      <DataTable
        label="Latency by part and length"
        head={[
          { text: 'Milliseconds' },
          ...percentiles.map((p) => ({ text: p === 'p999' ? 'p99.9' : p, note: 'ms' })),
        ]}
        groups={[...measured, published]}
      />
    </>
  );
}

function latencyVerdicts({ rows, ticks }: LatencyResult): AgreementVerdict[] {
  const [first, last] = [rows.at(0), rows.at(-1)];
  if (first === undefined || last === undefined) return [];
  const p = ticks < minTicks.p90 ? 'p50' : 'p90';
  const whole = (row: typeof first) => row.parts.find((o) => o.part === 'asynchronous')?.[p] ?? NaN;
  const growth = 100 * (whole(last) / whole(first) - 1);
  const saved = 100 * last.saved[p];
  const asPublished = saved >= publishedLatency.savedP99;
  return [
    {
      agrees: asPublished,
      text: `With histories of ${last.history}, the asynchronous tick is ${saved.toFixed(1)} % below the synchronous one at ${p} (published at p90: ${publishedLatency.savedP90} %). ${asPublished ? 'As published.' : 'Less than published.'}`,
    },
    {
      agrees: growth < 25,
      text: `From histories of ${first.history} to ${last.history}, the asynchronous tick's ${p} changes by ${growth < 0 ? '−' : '+'}${Math.abs(growth).toFixed(0)} %. ${growth < 25 ? 'The time of a tick does not grow with the history.' : 'This is more than it should be. A busy machine can cause it; measure again with more ticks.'}`,
    },
  ];
}
