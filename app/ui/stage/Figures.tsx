import { ExactButton } from '../../exact/ExactButton.tsx';
import type { MarketStatus, Side } from '../../engine/api.ts';
import { count, duration, gapText, NO_VALUE, rate, weight } from '../../state/format.ts';
import { useStatus } from '../../state/status-store.ts';

interface Figure {
  readonly label: string;
  /** Where a policy has a formula. */
  readonly ofFormula?: string;
  readonly help: string;
  read(market: MarketStatus): string;
}

/** The figure with a button that solves its tick exactly. */
const GAP = 'gap to the best possible';

const figures: readonly Figure[] = [
  {
    label: 'mean prediction',
    ofFormula: 'mean weight',
    help: "Mean weight of this tick's pairs: what the policy predicts, or the value of its formula",
    read: (m) => weight(m.policy, m.meanPredicted),
  },
  {
    label: GAP,
    help: 'How far this tick may be from the best matching there is, by its own certificate',
    read: (m) => (m.pairs === 0 ? NO_VALUE : gapText(m.gap)),
  },
  {
    label: 'median wait',
    help: 'Half of the waits that ended in the last minute or go on are shorter; one that goes on counts with its length so far (Kaplan-Meier)',
    read: (m) => `${m.medianWaitIsOver && m.medianWait > 0 ? 'over ' : ''}${duration(m.medianWait)}`,
  },
  {
    label: 'matches per second',
    help: 'Pairs made per simulated second',
    read: (m) => (Number.isFinite(m.matchesPerSecond) ? matches(m.matchesPerSecond) : NO_VALUE),
  },
];

/** The four key figures of a tick; in a comparison, those of both policies. */
export function Figures({ sides }: { sides: readonly Side[] }) {
  const usesFormula = useStatus((s) => sides.some((side) => (s.status?.[side]?.policy.formula ?? '') !== ''));
  return (
    <dl className="figures" id="figures">
      {figures.map((figure) => (
        <div className="figure" key={figure.label} title={figure.help}>
          <dt>
            {usesFormula ? (figure.ofFormula ?? figure.label) : figure.label}
            {figure.label === GAP && (
              <>
                {' '}
                <ExactButton />
              </>
            )}
          </dt>
          {sides.map((side) => (
            <Value key={side} figure={figure} side={side} named={sides.length > 1} />
          ))}
        </div>
      ))}
    </dl>
  );
}

function Value({ figure, side, named }: { figure: Figure; side: Side; named: boolean }) {
  const text = useStatus((s) => {
    const market = s.status?.[side];
    return market === null || market === undefined ? NO_VALUE : figure.read(market);
  });
  return (
    <dd data-side={named ? side : undefined}>
      {named && <span className="figure-side">{side === 'main' ? 'A' : 'B'}</span>}
      {text}
    </dd>
  );
}

function matches(perSecond: number): string {
  return perSecond >= 100 ? count(perSecond) : rate(perSecond);
}
