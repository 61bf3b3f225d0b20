import type { FileReport } from '../../src/import/read/report.ts';
import { count, percent } from '../state/format.ts';
import { useImport, type ImportSummary } from './store.ts';

/** Shows what was read, what was left out and why, what the fit found, and what it assumes. */
export function Report() {
  const summary = useImport((s) => s.summary);
  if (summary === null) return null;
  return (
    <div className="import-report">
      <p className="import-verdict" role="status">
        {count(summary.people)} people and {count(summary.meetings)} meetings are ready.
      </p>
      <Found summary={summary} />
      <FileSection report={summary.reports.people} />
      <FileSection report={summary.reports.meetings} />
      <section>
        <h3>Which scorers know them</h3>
        <p>
          Towers are fitted on these meetings{summary.vectors && ', and “Your vectors” are scaled by them'}.
          Wide&amp;Deep, Wide&amp;Deep-S and CUPID keep weights fitted on synthetic people until you train
          them on these: until then their predictions are guesses.
        </p>
      </section>
      <section>
        <h3>What the market assumes</h3>
        <ul>
          {summary.assumptions.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </section>
    </div>
  );
}

const outcomes = {
  duration: 'how long they lasted',
  decision: 'what each side decided',
  match: 'whether both matched',
} as const;

function Found({ summary: { figures: f, vectors, groups, sides } }: { readonly summary: ImportSummary }) {
  const fixed = (x: number, digits: number) => x.toFixed(digits);
  const rows: [string, string][] = [
    ['Outcome in the file', outcomes[f.kind]],
    ['Sides', sides.length < 2 ? 'none: anybody may meet anybody' : sides.join(' and ')],
    ['Sliced by', groups.length < 2 ? 'nothing: no category was chosen' : groups.join(', ')],
    ['One side stays', `${fixed(f.median, 0)} s in an average meeting (median)`],
    [
      'People and pairs differ',
      `strictness ${fixed(f.talk, 2)}, popularity ${fixed(f.charm, 2)}, taste ${fixed(f.taste, 2)}, chance ${fixed(f.tail, 2)} (standard deviations, ln s)`,
    ],
    ...(Number.isNaN(f.longTold)
      ? []
      : [
          [
            f.kind === 'duration' ? 'Longer than 60 s' : 'Matches',
            `${percent(f.longTold)} in the file, ${percent(f.longExpected)} expected by the fit for the same pairs`,
          ] as [string, string],
        ]),
    [
      vectors === undefined ? 'Predicts the held-out half' : 'Towers predict the held-out half',
      predictions(f),
    ],
    ...(vectors === undefined
      ? []
      : [
          [
            'Your vectors',
            `${count(vectors.rows)} of ${vectors.dim} numbers, ${vectors.each === 1 ? 'one for each person' : 'two for each person'}`,
          ] as [string, string],
          ['Your vectors predict the held-out half', predictions(vectors)] as [string, string],
        ]),
    ...(f.alike.length === 0
      ? []
      : [
          [
            'Similarity in',
            `${f.alike
              .slice(0, 4)
              .map((a) => `${a.what} ${a.weight > 0 ? '+' : '−'}${fixed(Math.abs(a.weight), 3)}`)
              .join(', ')} (gain of a stay, ln s)`,
          ] as [string, string],
        ]),
  ];
  return (
    <dl className="import-found">
      {rows.map(([name, text]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

type Predictions = Pick<ImportSummary['figures'], 'decisionAuroc' | 'matchAuroc' | 'durationCorrelation'>;

function predictions({ decisionAuroc, matchAuroc, durationCorrelation }: Predictions): string {
  const told = [
    ...(Number.isNaN(decisionAuroc) ? [] : [`a yes with AUROC ${decisionAuroc.toFixed(3)}`]),
    ...(Number.isNaN(matchAuroc) ? [] : [`a match with AUROC ${matchAuroc.toFixed(3)}`]),
    ...(Number.isNaN(durationCorrelation)
      ? []
      : [`lengths with correlation ${durationCorrelation.toFixed(2)} (ln s)`]),
  ];
  return told.join(', ') || 'unknown';
}

function FileSection({ report }: { readonly report: FileReport }) {
  return (
    <section>
      <h3>{report.file}</h3>
      <p>
        {count(report.rows)} rows read, {count(report.kept)} kept, {count(report.skipped)} left out.
      </p>
      {report.notes.map((note) => (
        <p key={note}>{note}.</p>
      ))}
      {report.problems.map((p) => (
        <details key={`${p.kind} ${p.lost}`} className="import-problem">
          <summary>
            {count(p.count)} {p.what}
            {p.lost === 'cell' && ' (only the cell is missing)'}
          </summary>
          <p>What to do: {p.todo}.</p>
          <ul>
            {p.examples.map((e) => (
              <li key={`${e.line}:${e.column}`}>
                line {e.line}, column {e.column}: {e.text}
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  );
}
