import type { Policy, Scenario } from '../../scenario/schema.ts';
import type { Arms } from '../../sim/arms.ts';
import { createMarket } from '../../sim/market.ts';
import type { Market } from '../../sim/types.ts';
import type { World } from '../../world/types.ts';
import { armsFor, isRandomised, type ArmAssignment } from '../designs/assign.ts';
import type { MarketTools } from '../jobs/context.ts';
import { recordEvening, type ArmAt, type EveningLog, type EveningRecorder } from '../run/evening-log.ts';
import type { ExperimentSpec } from '../run/spec.ts';

/** The evening that all markets of an experiment live through. They fork the world. */
export interface SharedEvening {
  readonly spec: ExperimentSpec;
  /** With the seed of the evening. */
  readonly scenario: Scenario;
  readonly world: World;
  readonly tools: MarketTools;
}

/** Runs the evening in one market that the policies A and `b` share. */
export async function liveMixed(
  assignment: ArmAssignment,
  { spec, scenario, world, tools }: SharedEvening,
  b: Policy,
): Promise<EveningLog> {
  const arms = (own: World) => armsFor(assignment, spec, own, b, scenario.seed);
  const market = createMarket({ scenario, policy: spec.a, world, arms, ...tools });
  const recorder = recordEvening(
    market,
    armAt(arms(market.world), isRandomised(assignment, spec, market.world)),
  );
  await liveUntil(market, endOf(spec));
  return recorder.log();
}

/**
 * Records a market under A alone, with the arms that an assignment would give. Where both arms have
 * policy A and may meet, the market does not depend on the arms.
 */
export function recordAlike(
  assignment: ArmAssignment,
  market: Market,
  spec: ExperimentSpec,
): EveningRecorder {
  const { world, scenario } = market;
  const arms = armsFor(assignment, spec, world, spec.a, scenario.seed);
  return recordEvening(market, armAt(arms, isRandomised(assignment, spec, world)));
}

const armAt = (arms: Arms, isDrawn: (slot: number) => boolean): ArmAt =>
  arms.by === 'time'
    ? (_, time) => arms.armAt(time)
    : (slot, time) => (isDrawn(slot) ? arms.armOf(slot, time) : 2);

/** End of the evening, simulated seconds. */
export const endOf = ({ ticks, a }: ExperimentSpec): number => (ticks * a.tickMs) / 1000;

/** Runs ticks until this simulated time, seconds. */
export async function liveUntil(market: Market, time: number): Promise<void> {
  while (market.time < time - 1e-9) await market.tick();
}
