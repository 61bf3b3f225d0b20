import { useMemo } from 'react';
import { diagramWithRoles, type CausalRole, type RoleDiagram } from '../../../src/experiment/causal/roles.ts';
import { worldDiagram } from '../../../src/experiment/causal/world-diagram.ts';
import { shapePaths } from '../../charts/palette.ts';
import { useExperiment } from '../state/store.ts';
import { CommandText } from '../panels/CommandText.tsx';
import { DiagramPicture, roleLooks } from './DiagramPicture.tsx';

/** What the roles mean, in the order in which they are listed. */
const roleWords: Readonly<Partial<Record<CausalRole, { readonly name: string; readonly text: string }>>> = {
  confounder: { name: 'Confounders', text: 'cause both. Adjust for them, or the difference has their bias.' },
  mediator: {
    name: 'Mediators',
    text: 'carry the effect. Adjusting for one takes that part of the effect away.',
  },
  collider: {
    name: 'Colliders',
    text: 'are caused by both. Adjusting for one makes an effect out of nothing.',
  },
  consequence: { name: 'Consequences', text: 'come after the treatment. Leave them alone.' },
  instrument: { name: 'Instruments', text: 'cause the treatment only. Adjusting for one adds noise.' },
  cause: {
    name: 'Other causes',
    text: 'cause the outcome only. Adjusting for one is allowed, and takes noise away.',
  },
};

const pairs = [
  ['filter', 'wait'],
  ['policy', 'chat'],
  ['chat', 'returns'],
  ['friend', 'returns'],
] as const;

const nodes = worldDiagram.nodes.filter((node) => !worldDiagram.hidden.has(node)).sort();

/** The causal diagram of the simulated world: what may be adjusted for, and what may not. */
export function DiagramPanel() {
  const treatment = useExperiment((s) => s.treatment);
  const outcome = useExperiment((s) => s.outcome);
  const diagram = useMemo(() => diagramWithRoles(worldDiagram, treatment, outcome), [treatment, outcome]);
  return (
    <div className="room-main">
      <div className="experiment-head">
        <h2 className="experiment-verdict">{verdictOf(diagram, treatment, outcome)}</h2>
        <p className="experiment-more">
          The causal diagram of the simulated world, for one wait of a person and the chat that follows. Faint
          names are hidden: no log has a column for them.
        </p>
      </div>
      <div className="diagram-choice">
        <NodeChoice
          label="Effect of"
          value={treatment}
          other={outcome}
          onChange={(node) => useExperiment.setState({ treatment: node })}
        />
        <NodeChoice
          label="on"
          value={outcome}
          other={treatment}
          onChange={(node) => useExperiment.setState({ outcome: node })}
        />
        <span className="diagram-pairs">
          Try{' '}
          {pairs.map(([from, to]) => (
            <button
              key={`${from} ${to}`}
              type="button"
              className="link"
              onClick={() => useExperiment.setState({ treatment: from, outcome: to })}
            >
              {from} → {to}
            </button>
          ))}
        </span>
      </div>
      <DiagramPicture
        diagram={diagram}
        label={`Causal diagram with the roles for ${treatment} on ${outcome}`}
      />
      <Roles diagram={diagram} />
      <CommandText
        command={`npm run -s lab -- adjust LOG.csv --diagram world --treatment ${treatment} --outcome ${outcome}`}
      />
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  /** The node that is taken. */
  readonly other: string;
  readonly onChange: (node: string) => void;
}

function NodeChoice({ label, value, other, onChange }: ChoiceProps) {
  return (
    <label>
      {label}{' '}
      <select className="room-select" value={value} onChange={(event) => onChange(event.target.value)}>
        {nodes
          .filter((node) => node !== other)
          .map((node) => (
            <option key={node} value={node}>
              {node.replaceAll('_', ' ')}
            </option>
          ))}
      </select>
    </label>
  );
}

function verdictOf(
  { arrows, adjustmentSets, openPath }: RoleDiagram,
  treatment: string,
  outcome: string,
): string {
  const effect = arrows.some((arrow) => arrow.causal);
  const none = effect ? '' : `No arrow leads from ${treatment} to ${outcome}: the true effect is 0. `;
  if (adjustmentSets.length === 0)
    return `${none}No columns close every back door: ${openPath ?? 'a path'} stays open. The difference in a log is not the effect.`;
  const sets = adjustmentSets.map((set) => set.join(' and ')).join(', or for ');
  return sets === ''
    ? `${none}Nothing has to be adjusted for: the difference in a log is the effect of ${treatment} on ${outcome}.`
    : `${none}Adjust for ${sets}: then the difference in a log is the effect of ${treatment} on ${outcome}.`;
}

function Roles({ diagram }: { readonly diagram: RoleDiagram }) {
  return (
    <ul className="role-list">
      {(Object.keys(roleWords) as CausalRole[]).map((role) => {
        const own = diagram.nodes.filter((node) => node.role === role);
        const { name, text } = roleWords[role]!;
        return own.length === 0 ? null : (
          <li key={role} data-tone={roleLooks[role].tone}>
            <h3>
              <svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
                <path d={shapePaths[roleLooks[role].shape]} transform="scale(5.5)" fillRule="evenodd" />
              </svg>
              {name}
            </h3>
            <p>
              {name} {text}
            </p>
            <ul>
              {own.map((node) => (
                <li key={node.name} title={node.reason}>
                  {node.name.replaceAll('_', ' ')}
                  {node.hidden && <small> hidden</small>}
                </li>
              ))}
            </ul>
          </li>
        );
      })}
    </ul>
  );
}
