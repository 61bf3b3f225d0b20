import { scaleLinear, scaleLog } from 'd3';
import type { Table } from '../../../src/base/table.ts';
import type { CurvePoint } from '../../../src/model/layout/weights-file.ts';
import { nameInText } from '../state/knobs.ts';
import type { Plan } from '../worker/orders.ts';
import type { LivePoint } from '../state/state.ts';
import { Axes, Figure } from './Figure.tsx';
import { Mark, SeriesLegend, useLooks } from './series.tsx';

const HEIGHT = 300;
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 12, 22, 36];

const captions = {
  family:
    'Loss by step: half the squared error of log duration plus a share of the cross-entropy of the other tasks.',
  towers: 'Loss by step: squared error of log duration (ln s), mean of both directions.',
  factors: 'Loss by epoch: squared error of log duration (ln s).',
} as const satisfies Record<Plan['kind'], string>;

interface Props {
  readonly name: string;
  readonly kind: Plan['kind'];
  readonly live: readonly LivePoint[];
  readonly points: readonly CurvePoint[];
}

/** Loss by step, as it is made. Phase 2 counts on from phase 1, behind a line. */
export function LossChart({ name, kind, live, points }: Props) {
  const look = useLooks();
  const stepName = kind === 'factors' ? 'epoch' : 'step';
  const seam = Math.max(0, ...live.flatMap((p) => (p.phase === 1 ? [p.step] : [])));
  const at = (p: { readonly phase: 1 | 2; readonly step: number }) => p.step + (p.phase === 2 ? seam : 0);
  const losses = [...live.map((p) => p.loss), ...points.map((p) => p.validation)].filter((y) => y > 0);
  const last = Math.max(10, ...live.map(at));
  const said = points.at(-1);
  return (
    <Figure
      title={name === '' ? 'How does it learn?' : `How ${nameInText(name)} learns`}
      caption={`${captions[kind]} Training is what the step saw, later chats are what it never sees.`}
      label={
        said === undefined
          ? 'No loss yet.'
          : `Loss ${said.loss.toFixed(3)} on training chats, ${said.validation.toFixed(3)} on later chats, at ${stepName} ${said.step} of phase ${said.phase}.`
      }
      table={lossTable(name, points)}
      height={HEIGHT}
      legend={<SeriesLegend names={['training', 'later chats']} lines />}
    >
      {(width) => {
        if (losses.length === 0)
          return (
            <text className="empty" x={width / 2} y={HEIGHT / 2} textAnchor="middle">
              The curve grows here while a model trains.
            </text>
          );
        const x = scaleLinear([0, last], [LEFT, width - RIGHT]);
        const [low, high] = [Math.min(...losses), Math.max(...losses)];
        const y = scaleLog([low / 1.02, high * 1.02], [HEIGHT - BOTTOM, TOP]);
        const path = live.map((p, k) => {
          const gap = k === 0 || live[k - 1].phase !== p.phase;
          return `${gap ? 'M' : 'L'}${x(at(p)).toFixed(1)},${y(p.loss).toFixed(1)}`;
        });
        const judged = points.map((p, k) => {
          const gap = k === 0 || points[k - 1].phase !== p.phase;
          return `${gap ? 'M' : 'L'}${x(at(p)).toFixed(1)},${y(p.validation).toFixed(1)}`;
        });
        const step = (Math.log(high * 1.02) - Math.log(low / 1.02)) / 5;
        const yTicks = Array.from({ length: 6 }, (_, k) => (low / 1.02) * Math.exp(k * step));
        return (
          <>
            <Axes
              left={LEFT}
              right={width - RIGHT}
              top={TOP}
              bottom={HEIGHT - BOTTOM}
              x={x.ticks(Math.min(8, width / 90)).map((t) => ({ at: x(t), text: t.toLocaleString('en') }))}
              y={yTicks.map((t) => ({ at: y(t), text: t.toFixed(t < 1 ? 3 : 2) }))}
              xTitle={stepName}
              yTitle="loss (logarithmic)"
            />
            {live.some((p) => p.phase === 2) && (
              <g className="seam">
                <line x1={x(seam)} x2={x(seam)} y1={TOP} y2={HEIGHT - BOTTOM} />
                <text x={x(seam) - 5} y={TOP + 10} textAnchor="end">
                  phase 2
                </text>
              </g>
            )}
            <path d={path.join('')} fill="none" stroke={look(0).color} strokeWidth="1.4" />
            <path
              d={judged.join('')}
              fill="none"
              stroke={look(1).color}
              strokeWidth="1.8"
              strokeDasharray={look(1).dash}
            />
            {points.map((p) => (
              <Mark key={`${p.phase}-${p.step}`} look={look(1)} x={x(at(p))} y={y(p.validation)} size={2.6} />
            ))}
          </>
        );
      }}
    </Figure>
  );
}

export function lossTable(name: string, points: readonly CurvePoint[]): Table {
  return {
    name: 'training-curve',
    title: `Loss of ${name} by step`,
    rows: points.length,
    columns: [
      { name: 'phase', label: 'Phase', unit: '', values: Float64Array.from(points, (p) => p.phase) },
      { name: 'step', label: 'Step', unit: '', values: Float64Array.from(points, (p) => p.step) },
      { name: 'loss', label: 'Loss', unit: '1', values: Float64Array.from(points, (p) => p.loss) },
      {
        name: 'later',
        label: 'Loss on later chats',
        unit: '1',
        values: Float64Array.from(points, (p) => p.validation),
      },
    ],
    facts: {},
  };
}
