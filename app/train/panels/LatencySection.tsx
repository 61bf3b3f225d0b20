import { useState } from 'react';
import { publishedLatency } from '../../../src/experiment/tick-latency.ts';
import { NO_VALUE } from '../../state/format.ts';
import { KnobField } from './KnobField.tsx';
import type { LatencyResult } from '../worker/orders.ts';
import { measureLatency } from '../state/judging.ts';
import { useTrain } from '../state/state.ts';
import type { Verdict } from '../state/verdicts.ts';
import { Verdicts } from './Verdicts.tsx';

const lengths = [8, 32, 128];
const parts = ['feature', 'session', 'synchronous', 'asynchronous'] as const;
const partText = {
  feature: 'Feature vectors',
  session: 'Session vectors',
  synchronous: 'Whole tick, synchronous',
  asynchronous: 'Whole tick, asynchronous',
} as const;
const ms = (x: number): string => (x < 9.95 ? x.toFixed(1) : x.toFixed(0));

/** What session vectors cost in the tick and outside it, measured here. */
export function LatencySection() {
  const [people, setPeople] = useState(128);
  const [ticks, setTicks] = useState(20);
  const { latency, task } = useTrain();
  return (
    <section className="judge-section" aria-labelledby="judge-latency">
      <h2 id="judge-latency">How long does a tick take?</h2>
      <p className="plot-caption">
        CUPID's parts on this adapter, by length of everybody's history. Synchronous: the sessions of all who
        wait are read in the tick; asynchronous: they are read when a match ends, and the tick looks them up.
        Percentiles do not add.
      </p>
      <div className="judge-start">
        <KnobField
          info={{
            key: 'people',
            label: 'Waiting',
            help: 'In every tick.',
            unit: 'people',
            min: 16,
            max: 10_000,
            step: 16,
          }}
          value={people}
          onChange={setPeople}
        />
        <KnobField
          info={{
            key: 'ticks',
            label: 'Ticks',
            help: 'Of either kind, per length.',
            unit: '',
            min: 5,
            max: 2000,
            step: 5,
          }}
          value={ticks}
          onChange={setTicks}
        />
        <button
          type="button"
          className="button"
          disabled={task !== null}
          onClick={() => void measureLatency({ people, ticks, lengths })}
        >
          Measure on this adapter
        </button>
      </div>
      {latency !== null && <LatencyTable latency={latency} />}
    </section>
  );
}

const percentiles = ['p50', 'p90', 'p99', 'p999'] as const;
type Percentile = (typeof percentiles)[number];
const percentileText = { p50: 'p50', p90: 'p90', p99: 'p99', p999: 'p99.9' } as const;
/** Fewer ticks than this do not tell a percentile: their largest would stand for it. */
const fewest: Readonly<Record<Percentile, number>> = { p50: 1, p90: 10, p99: 100, p999: 1000 };

function LatencyTable({ latency }: { readonly latency: LatencyResult }) {
  const { adapter, people, ticks, rows } = latency;
  const row = (name: string, value: (p: Percentile) => number | null) => (
    <>
      <th scope="row">{name}</th>
      {percentiles.map((p) => {
        const x = value(p);
        return <td key={p}>{x === null ? NO_VALUE : ms(x)}</td>;
      })}
    </>
  );
  return (
    <>
      <Verdicts verdicts={latencyVerdicts(latency)} />
      <p className="plot-caption">
        {people} people on {adapter}, {ticks} ticks of either kind per length
        {ticks < fewest.p999 && `; percentiles that want more ticks are left out`}.
      </p>
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Latency by part and length">
        <table className="train-table">
          <thead>
            <tr>
              <th scope="col">Milliseconds</th>
              {percentiles.map((p) => (
                <th scope="col" key={p}>
                  {percentileText[p]}
                  <small> ms</small>
                </th>
              ))}
            </tr>
          </thead>
          {rows.map(({ history, parts: own }) => (
            <tbody key={history}>
              <tr>
                <th scope="rowgroup" colSpan={5}>
                  Histories of {history} matches
                </th>
              </tr>
              {parts.map((name) => (
                <tr key={name} className="part">
                  {row(partText[name], (p) =>
                    ticks < fewest[p] ? null : (own.find((o) => o.part === name)?.[p] ?? null),
                  )}
                </tr>
              ))}
            </tbody>
          ))}
          <tbody>
            <tr data-published="">
              <th scope="rowgroup" colSpan={5}>
                Published (length of history not published)
              </th>
            </tr>
            {parts.map((name) => (
              <tr key={name} className="part" data-published="">
                {row(partText[name], (p) => (p === 'p90' || p === 'p99' ? publishedLatency[name][p] : null))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function latencyVerdicts({ rows, ticks }: LatencyResult): Verdict[] {
  const [first, last] = [rows.at(0), rows.at(-1)];
  if (first === undefined || last === undefined) return [];
  const p = ticks < fewest.p90 ? 'p50' : 'p90';
  const whole = (row: typeof first) => row.parts.find((o) => o.part === 'asynchronous')?.[p] ?? NaN;
  const growth = 100 * (whole(last) / whole(first) - 1);
  const saved = 100 * last.saved[p];
  return [
    {
      agrees: saved >= 76,
      text: `With histories of ${last.history}, the asynchronous tick is ${saved.toFixed(1)} % below the synchronous one at ${p} (published at p90: ${publishedLatency.savedP90} %). ${saved >= 76 ? 'As published.' : 'Less than published.'}`,
    },
    {
      agrees: growth < 25,
      text: `From histories of ${first.history} to ${last.history}, the asynchronous tick's ${p} changes by ${growth < 0 ? '−' : '+'}${Math.abs(growth).toFixed(0)} %: ${growth < 25 ? 'what a tick takes does not grow with history.' : 'more than it should, which a busy machine can do; measure again with more ticks.'}`,
    },
  ];
}
