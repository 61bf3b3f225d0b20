import { useState } from 'react';
import {
  publishedEffects,
  type EffectRow,
  type RelativeEffect,
} from '../../../src/experiment/market-effect.ts';
import { KnobField } from './KnobField.tsx';
import { liveThrough } from '../state/judging.ts';
import { nameText } from '../state/knobs.ts';
import { useTrain } from '../state/state.ts';
import type { Verdict } from '../state/verdicts.ts';
import { Verdicts } from './Verdicts.tsx';

const figures = ['duration', 'long', 'short'] as const;
const figureText = { duration: 'Mean duration', long: 'Long matches', short: 'Short matches' } as const;
const segments = ['all', 'warm', 'cold'] as const;
const segmentText = { all: 'Everybody', warm: 'Warm', cold: 'Cold' } as const;
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
  const own = (segment: string) => rows.filter((r) => r.segment === segment && r.effect !== undefined);
  return (
    <>
      <Verdicts verdicts={effectVerdicts(rows)} />
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Effect in the market">
        <table className="train-table">
          <thead>
            <tr>
              <th scope="col">Against Wide&amp;Deep</th>
              {figures.map((figure) => (
                <th scope="col" key={figure}>
                  {figureText[figure]}
                  <small> %</small>
                </th>
              ))}
            </tr>
          </thead>
          {segments.map((segment) => (
            <tbody key={segment}>
              <tr>
                <th scope="rowgroup" colSpan={4}>
                  {segmentText[segment]}
                </th>
              </tr>
              {own(segment).map(({ contender, effect }) => (
                <tr key={contender} className="part">
                  <th scope="row">{nameText(contender)}</th>
                  {figures.map((figure) => (
                    <td key={figure}>
                      {signed(effect![figure].mean)}
                      <small className="interval">
                        {signed(effect![figure].low)} to {signed(effect![figure].high)}
                      </small>
                    </td>
                  ))}
                </tr>
              ))}
              <tr className="part" data-published="">
                <th scope="row">CUPID, published (switchback)</th>
                {figures.map((figure) => (
                  <td key={figure}>{signed(publishedEffects[segment][figure])}</td>
                ))}
              </tr>
            </tbody>
          ))}
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
