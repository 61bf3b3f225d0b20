import type { AgreementVerdict } from '../state/verdicts.ts';

/** Sentences about figures. Each is marked: as published, or not. */
export function Verdicts({ verdicts }: { readonly verdicts: readonly AgreementVerdict[] }) {
  if (verdicts.length === 0) return null;
  return (
    <ul className="verdicts">
      {verdicts.map(({ agrees, text }) => (
        <li key={text} data-agrees={agrees}>
          <b aria-hidden="true">{agrees ? '=' : '≠'}</b>
          <span>
            <span className="visually-hidden">{agrees ? 'As published: ' : 'Not as published: '}</span>
            {text}
          </span>
        </li>
      ))}
    </ul>
  );
}
