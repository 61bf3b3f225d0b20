import { figure } from '../charts/format.ts';
import { count } from '../state/format.ts';
import type { PersonWhy } from './explain.ts';

const withUnit = (value: number, unit: string): string =>
  unit === 's' ? `${figure(value)}\u202fs` : unit === 'points' ? `${figure(value)} points` : figure(value);

/** What became of the person in the tick, as a sentence. */
export function outcome({ mate, unit, counts }: PersonWhy): string {
  if (mate !== null)
    return `paired with person ${count(mate.id)} (${mate.who}) at a weight of ${withUnit(mate.weight, unit)}.`;
  return counts.eligible === 0 ? 'not paired: nobody who waited was a candidate.' : 'not paired.';
}

/** Who was preferred, as a sentence; '' where there was no candidate. */
export function better({ mate, better: { count: all, dearer, free }, counts, matcher }: PersonWhy): string {
  if (counts.eligible === 0) return '';
  if (all === 0) return 'No candidate had a greater weight.';
  const whom =
    mate === null ? `Of ${count(all)} candidates` : `Of ${count(all)} candidates with a greater weight`;
  const others = all - dearer - free;
  const parts = [
    ...(dearer > 0 ? [`${count(dearer)} went into pairs that weigh at least as much`] : []),
    ...(others > 0 ? [`${count(others)} into pairs that weigh less`] : []),
    ...(free > 0 ? [`${count(free)} stayed alone`] : []),
  ];
  const why =
    others + free === 0
      ? ''
      : matcher === 'random' || matcher === 'first-come'
        ? ' This matcher does not look at weights.'
        : matcher === 'auction'
          ? ' The auction goes by the sum over all pairs, up to its gap.'
          : '';
  return `${whom}, ${parts.join(', ')}.${why}`;
}
