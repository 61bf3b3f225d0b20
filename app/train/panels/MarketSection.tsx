import {
  effectFigures,
  effectSegments,
  publishedEffects,
  type EffectRow,
  type RelativeEffect,
} from '../../../src/experiment/market-effect.ts';
import { nameText } from '../names.ts';
import { runMarket } from '../state/judging.ts';
import { useTrain } from '../state/store.ts';
import { signedFixed, type AgreementVerdict } from '../state/verdicts.ts';
import { DataTable, IntervalText } from './DataTable.tsx';
import { RoomKnobs } from './Knobs.tsx';
import { Verdicts } from './Verdicts.tsx';

const figureText = { duration: 'Mean duration', long: 'Long matches', short: 'Short matches' } as const;
const segmentText = { all: 'Everyone', warm: 'Warm', cold: 'Cold' } as const;
const oneDecimal = (x: number): string => signedFixed(x, 1);

/** The same evenings under every model, against Wide&Deep. */
export function MarketSection() {
  const effect = useTrain((s) => s.effect);
  const busy = useTrain((s) => s.task !== null);
  const ready = useTrain((s) =>
    ['wide-deep', 'cupid'].every((name) => s.models.some((m) => m.name.startsWith(name))),
  );
  return (
    <section className="judge-section" aria-labelledby="judge-market">
      <h2 id="judge-market">What changes in the market?</h2>
      <p className="room-caption">
        Every model pairs the same people in the same evenings (common random numbers). Changes are against
        Wide&amp;Deep, in percent, with 95 % intervals over evenings. The model that was trained here last
        replaces the shipped one of its kind.
      </p>
      <div className="judge-start">
        <RoomKnobs group="market" />
        <button type="button" className="button" disabled={busy || !ready} onClick={() => void runMarket()}>
          Run the evenings
        </button>
      </div>
      {effect !== null && <EffectTable rows={effect} />}
    </section>
  );
}

function EffectTable({ rows }: { readonly rows: readonly EffectRow[] }) {
  const groups = effectSegments.map((segment) => ({
    title: segmentText[segment],
    rows: [
      ...rows.flatMap((row) =>
        row.segment !== segment || row.effect === undefined
          ? []
          : [{ name: nameText(row.contender), cells: cellsOf(row.effect) }],
      ),
      {
        name: 'CUPID, published (switchback)',
        published: true,
        cells: effectFigures.map((figure) => oneDecimal(publishedEffects[segment][figure])),
      },
    ],
  }));
  return (
    <>
      <Verdicts verdicts={effectVerdicts(rows)} />
      <DataTable
        label="Effect in the market"
        head={[
          { text: 'Against Wide&Deep' },
          ...effectFigures.map((figure) => ({ text: figureText[figure], note: '%' })),
        ]}
        groups={groups}
      />
    </>
  );
}

function cellsOf(effect: NonNullable<EffectRow['effect']>) {
  return effectFigures.map((figure) => {
    const { mean: estimate, low, high } = effect[figure];
    return <IntervalText key={figure} value={{ estimate, low, high }} format={oneDecimal} />;
  });
}

/** Published: CUPID raises duration and long matches, and lowers short ones, in every segment. */
function effectVerdicts(rows: readonly EffectRow[]): AgreementVerdict[] {
  const text = ({ mean, low, high }: RelativeEffect) =>
    `${oneDecimal(mean)} (${oneDecimal(low)} to ${oneDecimal(high)})`;
  return effectSegments.flatMap((segment) => {
    const own = rows.find((r) => r.contender === 'cupid' && r.segment === segment)?.effect;
    if (own === undefined) return [];
    const clear = own.duration.low > 0 && own.long.low > 0 && own.short.high < 0;
    const sign = own.duration.mean > 0 && own.long.mean > 0 && own.short.mean < 0;
    const conclusion = clear
      ? 'All three are in the published direction, beyond their intervals.'
      : sign
        ? 'All three are in the published direction, but not all beyond their intervals.'
        : 'Not all are in the published direction.';
    return [
      {
        agrees: clear,
        text: `CUPID, ${segment}: duration ${text(own.duration)} %, long matches ${text(own.long)} %, short matches ${text(own.short)} %. ${conclusion}`,
      },
    ];
  });
}
