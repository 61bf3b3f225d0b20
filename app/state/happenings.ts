import type { Policy, Scenario, PolicyStage } from '../../src/scenario/schema.ts';

/** A change that the scenario itself makes during the evening. */
export interface Happening {
  /** Simulated seconds since opening. */
  readonly atSeconds: number;
  /** Its text on the time line. */
  readonly text: string;
  /** Whose policy changes. */
  readonly side: PolicyStage['side'];
  /** Policy knobs that take a new value. */
  readonly policy: Partial<Policy>;
}

/** The stages and the shock of a scenario, ordered by time. */
export function happeningsOf({ stages, shock }: Scenario): Happening[] {
  const all: Happening[] = stages.map(({ atSeconds, side, policy }) => ({
    atSeconds,
    text: `${side === 'b' ? 'B: ' : ''}${Object.entries(policy)
      .map(([knob, value]) => `${knob} ${value}`)
      .join(', ')}`,
    ...{ side, policy },
  }));
  if (shock.atSeconds > 0) {
    all.push({ atSeconds: shock.atSeconds, text: 'shock begins', side: 'both', policy: {} });
    const end = shock.atSeconds + shock.forSeconds;
    all.push({ atSeconds: end, text: 'shock ends', side: 'both', policy: {} });
  }
  return all.sort((a, b) => a.atSeconds - b.atSeconds);
}
