import type { Figure } from '../format.ts';

/** A few figures as bars from a common zero. The text of each bar is its value. */
export function FigureList({ figures }: { figures: readonly Figure[] }) {
  const values = figures.map(({ value }) => value);
  const low = Math.min(0, ...values);
  const span = Math.max(0, ...values) - low || 1;
  return (
    <dl className="lesson-figures">
      {figures.map(({ label, value, text }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <span className="lesson-bar" aria-hidden="true">
              <span
                style={{
                  left: `${(100 * (Math.min(0, value) - low)) / span}%`,
                  width: `${(100 * Math.abs(value)) / span}%`,
                }}
              />
            </span>
            <span className="lesson-value">{text}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
