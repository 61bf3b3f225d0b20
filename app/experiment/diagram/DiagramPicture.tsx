import { useMemo } from 'react';
import type { CausalRole, RoleDiagram } from '../../../src/experiment/causal/roles.ts';
import { shapePaths, type Shape } from '../../charts/palette.ts';
import { layOut, type NodePlace } from './layout.ts';

/** A role is told by shape and colour. */
export const roleLooks: Readonly<Record<CausalRole, { readonly shape: Shape; readonly tone: string }>> = {
  treatment: { shape: 'square', tone: 'accent' },
  outcome: { shape: 'star', tone: 'accent' },
  mediator: { shape: 'circle', tone: 'accent' },
  confounder: { shape: 'triangle', tone: 'good' },
  collider: { shape: 'cross', tone: 'bad' },
  consequence: { shape: 'triangle-down', tone: 'bad' },
  instrument: { shape: 'diamond', tone: 'muted' },
  cause: { shape: 'ring', tone: 'muted' },
  unaffected: { shape: 'ring', tone: 'muted' },
};

interface Props {
  readonly diagram: RoleDiagram;
  readonly label: string;
}

/** The diagram from causes on the left to effects on the right. The list below says the same. */
export function DiagramPicture({ diagram, label }: Props) {
  const { places, width, height } = useMemo(() => layOut(diagram), [diagram]);
  const roles = new Map(diagram.nodes.map(({ name, role }) => [name, role]));
  const backDoor = (from: string, to: string) =>
    roles.get(from) === 'confounder' && ['treatment', 'outcome', 'confounder'].includes(roles.get(to) ?? '');
  const kindOf = ({ from, to, causal }: RoleDiagram['arrows'][number]) =>
    causal ? 'causal' : backDoor(from, to) ? 'back-door' : 'other';
  // What matters is drawn last, above the rest.
  const order = ['other', 'back-door', 'causal'];
  const arrows = diagram.arrows
    .map((arrow) => ({ ...arrow, kind: kindOf(arrow) }))
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  return (
    <div className="diagram-scroll" tabIndex={0} role="region" aria-label={label}>
      <svg className="diagram" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
        {arrows.map(({ from, to, kind }) => (
          <path
            key={`${from} ${to}`}
            className="diagram-arrow"
            data-kind={kind}
            d={curve(places.get(from)!, places.get(to)!)}
          />
        ))}
        {diagram.nodes.map(({ name, role, hidden }) => {
          const { x, y } = places.get(name)!;
          return (
            <g
              key={name}
              className="diagram-node"
              data-tone={roleLooks[role].tone}
              data-hidden={hidden || undefined}
            >
              <path
                d={shapePaths[roleLooks[role].shape]}
                transform={`translate(${x} ${y}) scale(7)`}
                fillRule="evenodd"
              />
              <text x={x} y={y + 20} textAnchor="middle">
                {name.replaceAll('_', ' ')}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** From the right of the cause to the left of the effect, with a short head. */
function curve(from: NodePlace, to: NodePlace): string {
  const [x1, x2] = [from.x + 9, to.x - 10];
  const bend = Math.max(20, (x2 - x1) / 2);
  return `M${x1},${from.y}C${x1 + bend},${from.y} ${x2 - bend},${to.y} ${x2},${to.y}m-5,-3l5,3l-5,3`;
}
