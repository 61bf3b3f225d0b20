import { useState } from 'react';
import { figure, priceText } from '../charts/format.ts';
import { count } from '../state/format.ts';
import { late } from '../ui/late/late.tsx';
import type { PersonWhy, WhyCandidate } from './explain.ts';
import type { PinnedState } from './use-pinned.ts';
import { better, outcome } from './words.ts';

const Code = late('The code', () => import('./CodeView.tsx'), 'place');

/** Candidates, scores, filters and price of the pinned person in one tick. */
export function WhyTab({ state: { why, now } }: { readonly state: PinnedState }) {
  const [code, setCode] = useState(false);
  if (why === null)
    return (
      <p role="status">
        {now === 'asking'
          ? 'Asking the last tick.'
          : 'They were paired and left the pool in the meantime. Pause with Space and click again.'}
      </p>
    );
  return (
    <>
      {why.lines.map((line) => (
        <p key={line} className="pinned-line">
          {line}
        </p>
      ))}
      <p className="pinned-verdict" role="status">
        Tick {count(why.tick)}: {outcome(why)} {better(why)}
      </p>
      {now !== 'waits' && (
        <p className="pinned-line">
          {now === 'gone'
            ? 'They have left since; somebody else has come in their place.'
            : 'Since then they do not wait: they chat, have a break, or have left.'}
        </p>
      )}
      <Candidates why={why} />
      <Filters why={why} />
      <button type="button" className="button" aria-expanded={code} onClick={() => setCode(!code)}>
        {code ? 'Hide the code' : 'See the code'}
      </button>
      {code && <Code />}
    </>
  );
}

function Candidates({ why }: { readonly why: PersonWhy }) {
  const { candidates, mate, unit } = why;
  const listed =
    candidates.some(({ id }) => id === mate?.id) || mate === null ? candidates : [...candidates, mate];
  if (listed.length === 0) return null;
  const scored = why.rule.transform !== 'hash';
  return (
    <div className="pinned-table" tabIndex={0} role="group" aria-label="Candidates">
      <table>
        <caption>
          {why.counts.eligible > candidates.length
            ? `The best ${candidates.length} of ${count(why.counts.eligible)} candidates`
            : 'The candidates'}
          {unit === 's' ? ', seconds' : unit === 'points' ? ', points' : ''}
        </caption>
        <thead>
          <tr>
            <th scope="col">Candidate</th>
            {scored && <th scope="col">score</th>}
            {scored && <th scope="col">back</th>}
            <th scope="col">weight</th>
            <th scope="col">paired at</th>
          </tr>
        </thead>
        <tbody>
          {listed.map((c) => (
            <tr key={c.id} data-mate={c.id === mate?.id || undefined}>
              <th scope="row">
                {c.who} <small>{count(c.id)}</small>
              </th>
              {scored && <td>{figure(c.forth)}</td>}
              {scored && <td>{figure(c.back)}</td>}
              <td>{figure(c.weight)}</td>
              <td>{pairedAt(c, why)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const pairedAt = ({ partner }: WhyCandidate, { id }: PersonWhy): string =>
  partner === null ? 'nobody' : partner.id === id ? 'this pair' : figure(partner.weight);

function Filters({ why: { counts, chats, price, unit } }: { readonly why: PersonWhy }) {
  const rows: readonly (readonly [string, string])[] = [
    ['others waited', count(counts.waiting)],
    ['their own filters refuse', count(counts.ownFilter)],
    ['are refused by the filters of the other', count(counts.theirFilter)],
    ['share no language', count(counts.language)],
    ['met them lately', count(counts.met)],
    ['weigh no more than the threshold', count(counts.threshold)],
    ['remain as candidates', count(counts.eligible)],
    ['price: how scarce their partners are', priceText(price, unit)],
    ['chats in all', count(chats)],
  ];
  return (
    <dl className="pinned-facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
