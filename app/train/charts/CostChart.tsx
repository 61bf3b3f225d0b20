import { scaleLinear } from 'd3';
import type { Table } from '../../../src/base/table.ts';
import type { TwoPhaseCost } from '../../../src/model/study/cost.ts';
import { count } from '../../state/format.ts';
import { Figure } from './Figure.tsx';
import { Mark, SeriesLegend, useLooks } from './series.tsx';

const ROW = 34;
const GAP = 26;
const HEIGHT = 4 * ROW + 2 * GAP;
const LABEL = 92;
const VALUE = 104;

interface Bar {
  readonly name: string;
  /** Lengths in the order of the legend. */
  readonly parts: readonly number[];
}

interface Group {
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly Bar[];
}

const names = ['one phase', 'phase 1', 'storing', 'phase 2'] as const;

function groupsOf(cost: TwoPhaseCost): Group[] {
  const { passesOnePhase, passesTwoPhase, passesMemory } = cost;
  const sessionPasses = passesTwoPhase - passesMemory;
  const phase1 = sessionPasses * cost.phase1SecondsPerPass;
  return [
    {
      title: 'Passes of the transformer over a session',
      unit: 'passes',
      bars: [
        { name: 'One phase', parts: [passesOnePhase, 0, 0, 0] },
        { name: 'Two phases', parts: [0, sessionPasses, passesMemory, 0] },
      ],
    },
    {
      title: 'Time, from measured steps',
      unit: 's',
      bars: [
        { name: 'One phase', parts: [cost.onePhaseSeconds, 0, 0, 0] },
        {
          name: 'Two phases',
          parts: [
            0,
            phase1,
            cost.memorySeconds,
            Math.max(0, cost.twoPhaseSeconds - phase1 - cost.memorySeconds),
          ],
        },
      ],
    },
  ];
}

const lengthText = (value: number, unit: string): string =>
  `${value < 10 ? value.toFixed(1) : count(value)} ${unit}`;

/** Passes and time of either way of training, each pair of bars on a scale of its own. */
export function CostChart({ cost }: { readonly cost: TwoPhaseCost }) {
  const look = useLooks();
  const groups = groupsOf(cost);
  const total = (bar: Bar): number => bar.parts.reduce((a, b) => a + b, 0);
  return (
    <Figure
      title="One phase and two"
      caption="Passes counted; time by the median of some steps of either way, times how many there are."
      label={groups
        .map(
          (g) => `${g.title}: ${g.bars.map((b) => `${b.name} ${lengthText(total(b), g.unit)}`).join(', ')}`,
        )
        .join('. ')}
      table={costTable(groups)}
      height={HEIGHT}
      legend={<SeriesLegend names={names} />}
    >
      {(width) =>
        groups.map((group, g) => {
          const x = scaleLinear([0, Math.max(...group.bars.map(total))], [LABEL, width - VALUE]);
          const top = g * (2 * ROW + GAP);
          return (
            <g key={group.title}>
              <text className="strong" x={0} y={top + 12}>
                {group.title}
              </text>
              {group.bars.map((bar, k) => {
                const y = top + GAP - 4 + k * (ROW - 4);
                let at = 0;
                return (
                  <g key={bar.name}>
                    <text x={0} y={y + 10} dy="0.32em">
                      {bar.name}
                    </text>
                    {bar.parts.map((part, p) => {
                      const from = at;
                      at += part;
                      if (part === 0) return null;
                      const wide = Math.max(1, x(at) - x(from) - 1);
                      return (
                        <g key={names[p]}>
                          <rect x={x(from)} width={wide} y={y} height={20} fill={look(p).color} />
                          {wide > 16 && (
                            <Mark
                              look={{ ...look(p), color: 'var(--bg)' }}
                              x={x(from) + wide / 2}
                              y={y + 10}
                            />
                          )}
                        </g>
                      );
                    })}
                    <text className="strong" x={x(at) + 6} y={y + 10} dy="0.32em">
                      {lengthText(total(bar), group.unit)}
                    </text>
                  </g>
                );
              })}
            </g>
          );
        })
      }
    </Figure>
  );
}

function costTable(groups: readonly Group[]): Table {
  const rows = groups.flatMap(({ unit, bars }) => bars.map((bar) => ({ unit, ...bar })));
  return {
    name: 'two-phases',
    title: 'Training in one phase and in two',
    rows: rows.length,
    columns: [
      { name: 'way', label: 'Way', unit: '', values: rows.map((r) => r.name) },
      { name: 'what', label: 'Unit', unit: '', values: rows.map((r) => r.unit) },
      ...names.map((name, p) => ({
        name: name.replace(' ', '_'),
        label: name,
        unit: '',
        values: Float64Array.from(rows, (r) => r.parts[p]),
      })),
    ],
    facts: {},
  };
}
