import { useState } from 'react';
import { publishedLatency } from '../../src/experiment/latency.ts';
import { publishedEffects, type EffectRow, type RelativeEffect } from '../../src/experiment/market-effect.ts';
import { NO_VALUE } from '../state/format.ts';
import { KnobField } from './KnobField.tsx';
import { nameText } from './knobs.ts';
import type { LatencyResult } from './orders.ts';
import { liveThrough, measureLatency } from './judging.ts';
import { useTrain } from './state.ts';
import type { Verdict } from './verdicts.ts';
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

function LatencyTable({ latency }: { readonly latency: LatencyResult }) {
  const { adapter, people, rows } = latency;
  return (
    <>
      <Verdicts verdicts={latencyVerdicts(latency)} />
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Latency by part and length">
        <table className="train-table">
          <thead>
            <tr>
              <th scope="col">
                {people} people on {adapter}
              </th>
              {parts.map((part) => (
                <th scope="col" key={part} colSpan={3}>
                  {partText[part]}
                  <small> ms: p90, p99, p99.9</small>
                </th>
              ))}
              <th scope="col">
                Saved<small> % of p90</small>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.history}>
                <th scope="row">Histories of {row.history}</th>
                {parts.flatMap((name) => {
                  const part = row.parts.find((p) => p.part === name);
                  return (['p90', 'p99', 'p999'] as const).map((p) => (
                    <td key={`${name}-${p}`}>{part === undefined ? NO_VALUE : ms(part[p])}</td>
                  ));
                })}
                <td>{(100 * row.saved.p90).toFixed(1)}</td>
              </tr>
            ))}
            <tr data-published="">
              <th scope="row">Published (length not published)</th>
              {parts.flatMap((name) =>
                [publishedLatency[name].p90, publishedLatency[name].p99, null].map((value, k) => (
                  <td key={`${name}-${k}`}>{value ?? NO_VALUE}</td>
                )),
              )}
              <td>{publishedLatency.savedP90}</td>
            </tr>
          </tbody>
        </table>
      </div>
    </>
  );
}

function latencyVerdicts({ rows }: LatencyResult): Verdict[] {
  const [first, last] = [rows.at(0), rows.at(-1)];
  if (first === undefined || last === undefined) return [];
  const p90 = (row: typeof first) => row.parts.find((p) => p.part === 'asynchronous')?.p90 ?? NaN;
  const growth = p90(last) / p90(first) - 1;
  return [
    {
      agrees: last.saved.p90 >= 0.76,
      text: `With histories of ${last.history}, the asynchronous tick is ${(100 * last.saved.p90).toFixed(1)} % below the synchronous one at p90 (published ${publishedLatency.savedP90} %). ${last.saved.p90 >= 0.76 ? 'As published.' : 'Less than published.'}`,
    },
    {
      agrees: growth < 0.25,
      text: `From histories of ${first.history} to ${last.history}, the asynchronous tick's p90 changes by ${(100 * growth).toFixed(0)} %: ${growth < 0.25 ? 'what a tick takes does not grow with history.' : 'more than it should, which a busy machine can do; measure again with more ticks.'}`,
    },
  ];
}

const figures = ['duration', 'long', 'short'] as const;
const figureText = { duration: 'Mean duration', long: 'Long matches', short: 'Short matches' } as const;
const segments = ['all', 'warm', 'cold'] as const;
const effectText = ({ mean, low, high }: RelativeEffect): string =>
  `${signed(mean)} (${signed(low)} to ${signed(high)})`;
const signed = (x: number): string => `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(1)}`;

/** The same evenings under every model, against Wide&Deep. */
export function MarketSection() {
  const [evenings, setEvenings] = useState(4);
  const [ticks, setTicks] = useState(900);
  const { effect, task, judging, models } = useTrain();
  const ready = ['wide-deep', 'cupid'].every((name) => models.some((m) => m.name.startsWith(name)));
  return (
    <section className="judge-section" aria-labelledby="judge-market">
      <h2 id="judge-market">What does the market make of it?</h2>
      <p className="plot-caption">
        Every model pairs the same people through the same evenings (common random numbers); changes are
        against Wide&amp;Deep, in percent, with 95 % intervals over evenings. What was trained here last
        stands in for the shipped model of its kind.
      </p>
      <div className="judge-start">
        <KnobField
          info={{
            key: 'evenings',
            label: 'Evenings',
            help: 'Worlds of their own.',
            unit: '',
            min: 2,
            max: 50,
            step: 1,
          }}
          value={evenings}
          onChange={setEvenings}
        />
        <KnobField
          info={{
            key: 'ticks',
            label: 'Length',
            help: 'Of half a second; the first 240 only fill the market.',
            unit: 'ticks',
            min: 300,
            max: 20_000,
            step: 100,
          }}
          value={ticks}
          onChange={setTicks}
        />
        <button
          type="button"
          className="button"
          disabled={task !== null || !ready}
          onClick={() => {
            const { coldBelow, longSeconds } = judging;
            void liveThrough({ evenings, ticks, seed: 7001, coldBelow, longSeconds });
          }}
        >
          Live through the evenings
        </button>
      </div>
      {effect !== null && <EffectTable rows={effect} />}
    </section>
  );
}

function EffectTable({ rows }: { readonly rows: readonly EffectRow[] }) {
  const contenders = [...new Set(rows.map((r) => r.contender))];
  return (
    <>
      <Verdicts verdicts={effectVerdicts(rows)} />
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Effect in the market">
        <table className="train-table">
          <thead>
            <tr>
              <th scope="col">Against Wide&amp;Deep, %</th>
              {segments.flatMap((segment) =>
                figures.map((figure) => (
                  <th scope="col" key={`${segment}-${figure}`}>
                    {figureText[figure]}
                    <small> {segment}</small>
                  </th>
                )),
              )}
            </tr>
          </thead>
          <tbody>
            {contenders
              .filter((c) => c !== 'wide-deep')
              .map((contender) => (
                <tr key={contender}>
                  <th scope="row">{nameText(contender)}</th>
                  {segments.flatMap((segment) =>
                    figures.map((figure) => {
                      const own = rows.find(
                        (r) => r.contender === contender && r.segment === segment,
                      )?.effect;
                      return (
                        <td key={`${segment}-${figure}`}>
                          {own === undefined ? NO_VALUE : signed(own[figure].mean)}
                          {own !== undefined && (
                            <small className="interval">
                              {signed(own[figure].low)} to {signed(own[figure].high)}
                            </small>
                          )}
                        </td>
                      );
                    }),
                  )}
                </tr>
              ))}
            <tr data-published="">
              <th scope="row">CUPID, published (switchback)</th>
              {segments.flatMap((segment) =>
                figures.map((figure) => (
                  <td key={`${segment}-${figure}`}>{signed(publishedEffects[segment][figure])}</td>
                )),
              )}
            </tr>
          </tbody>
        </table>
      </div>
    </>
  );
}

/** Published: CUPID raises duration and the long share, and lowers the short share, for all, warm and cold. */
function effectVerdicts(rows: readonly EffectRow[]): Verdict[] {
  return segments.flatMap((segment) => {
    const own = rows.find((r) => r.contender === 'cupid' && r.segment === segment)?.effect;
    if (own === undefined) return [];
    const clear = own.duration.low > 0 && own.long.low > 0 && own.short.high < 0;
    const sign = own.duration.mean > 0 && own.long.mean > 0 && own.short.mean < 0;
    return [
      {
        agrees: clear,
        text: `CUPID, ${segment}: duration ${effectText(own.duration)} %, long matches ${effectText(own.long)} %, short matches ${effectText(own.short)} %. ${clear ? 'All three in the published direction, beyond their intervals.' : sign ? 'All three in the published direction, not all beyond their intervals.' : 'Not all in the published direction.'}`,
      },
    ];
  });
}
