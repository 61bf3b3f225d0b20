import type { OutcomeName } from '../../../src/experiment/run/names.ts';
import type { DesignFigures } from '../../../src/experiment/run/report.ts';
import { roundedTo } from '../../charts/format.ts';
import { count, NO_VALUE, percent } from '../../state/format.ts';
import type { DesignLine } from '../state/figures.ts';
import { effectText, sizeText } from '../state/sentences.ts';
import { designWords } from '../words.ts';

/** The figures of every design, and where its bias comes from. */
export function FigureRows({
  lines,
  metric,
}: {
  readonly lines: readonly DesignLine[];
  readonly metric: OutcomeName;
}) {
  return (
    <ul className="design-rows" aria-label="Figures by design">
      {lines.map((line) => (
        <DesignRow key={line.design} line={line} metric={metric} />
      ))}
    </ul>
  );
}

function DesignRow({ line, metric }: { readonly line: DesignLine; readonly metric: OutcomeName }) {
  const { design, figures, why, biased } = line;
  const reason = why === null ? (figures?.reason ?? '') : `No estimate: ${why}.`;
  const { name, text } = designWords[design];
  return (
    <li className="design-row" data-biased={biased || undefined}>
      <div className="design-words">
        <h3>{name}</h3>
        <p>{text}</p>
        {design !== 'paired' && reason !== '' && <p className="design-reason">{reason}</p>}
      </div>
      <dl className="design-figures">
        {figuresOf(line, metric).map(({ label, value, note, help }) => (
          <div key={label} title={help}>
            <dt>{label}</dt>
            <dd>
              {value}
              {note !== undefined && <small>{note}</small>}
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

interface Shown {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
  readonly help: string;
}

function figuresOf({ design, figures }: DesignLine, metric: OutcomeName): Shown[] {
  if (figures === undefined || figures.estimate === null) return [];
  const { estimate, bias, bias_error: error, sd, reported_error: reported, mde } = figures;
  const truth = design === 'paired';
  return [
    { label: 'Mean', value: effectText(estimate, metric), help: 'Mean of the estimates over the evenings.' },
    ...(truth
      ? []
      : [
          {
            label: 'Bias',
            value: effectText(bias === null || error === null ? bias : roundedTo(bias, error), metric),
            ...(error !== null && { note: `± ${sizeText(error, metric)}` }),
            help: 'Mean of estimate minus truth of the same evening, and its standard error.',
          },
        ]),
    {
      label: 'SD',
      value: sizeText(sd, metric),
      ...(reported !== null && { note: `reports ${sizeText(reported, metric)}` }),
      help: 'How far the estimates vary over evenings, and the standard error that the design itself reports.',
    },
    coverageOf(figures),
    {
      label: 'Power',
      value: shareText(figures.power),
      help: 'Chance that one evening finds the true effect at 5 %.',
    },
    {
      label: 'Finds from',
      value: sizeText(mde, metric),
      help: 'Smallest effect that one evening finds with 80 % power.',
    },
    {
      label: 'Worse off',
      value: figures.worse_off === null ? NO_VALUE : count(figures.worse_off),
      ...(figures.better_off !== null && { note: `better ${count(figures.better_off)}` }),
      help: 'People per evening with less time in chats than under A. Chance moves people both ways.',
    },
  ];
}

function coverageOf({ coverage }: DesignFigures): Shown {
  return {
    label: 'Coverage',
    value: shareText(coverage?.share ?? null),
    ...(coverage !== null && { note: `${percent(coverage.low)} to ${percent(coverage.high)}` }),
    help: 'Share of evenings whose 95 % interval holds the truth. It should be 95 %.',
  };
}

const shareText = (share: number | null): string => (share === null ? NO_VALUE : percent(share));
