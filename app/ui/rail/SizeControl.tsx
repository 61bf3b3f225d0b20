import { atItsSize, TICK_BUDGET_MS } from '../../../src/scenario/scale.ts';
import { count, percent } from '../../state/format.ts';
import { useScenario } from '../../state/scenario-store.ts';
import { useStatus } from '../../state/status-store.ts';
import { KnobControl } from './KnobControl.tsx';

const sizes = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5] as const;

/**
 * The size of the evening: how many people there are. The page never changes it. Where ticks
 * take longer than their budget, it offers a size that this machine keeps up with.
 */
export function SizeControl({ verbose }: { verbose: boolean }) {
  const scenario = useScenario((s) => s.scenario);
  const { size } = scenario.population;
  const set = useScenario((s) => s.set);
  const tickMs = useStatus((s) => (s.phase === 'ready' ? (s.status?.tickMs ?? NaN) : NaN));
  const offer = smallerSize(size, tickMs);
  return (
    <>
      <KnobControl
        path="population.size"
        verbose={verbose}
        say={(value) => `${percent(value)}: ${peopleText(value)}`}
      />
      {offer !== null && (
        <p className="size-offer">
          A tick takes about {Math.round(tickMs)} ms here, more than its {TICK_BUDGET_MS} ms.{' '}
          <button type="button" className="link" onClick={() => set('population.size', offer)}>
            Run {percent(offer)} of the people
          </button>
        </p>
      )}
    </>
  );

  function peopleText(value: number): string {
    const { people, online } = atItsSize({
      ...scenario,
      population: { ...scenario.population, size: value },
    }).population;
    return scenario.cast === '' ? `${count(people)} people` : `${count(online)} online`;
  }
}

/**
 * The largest size whose tick fits into the budget, or null if this one does. The work of a tick
 * grows at least in proportion to the people.
 */
function smallerSize(size: number, tickMs: number): number | null {
  if (!(tickMs > TICK_BUDGET_MS) || size <= sizes[0]) return null;
  return sizes.findLast((s) => s <= (size * TICK_BUDGET_MS) / tickMs) ?? sizes[0];
}
