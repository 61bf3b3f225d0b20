import type { Policy, Scenario } from '../../src/scenario/schema.ts';

/** A change that the scenario itself makes during the evening. */
export interface Happening {
  /** Simulated seconds since opening. */
  readonly atSeconds: number;
  /** Its text on the time line. */
  readonly text: string;
  /** Policy knobs that take a new value. */
  readonly policy: Partial<Policy>;
}

/** The stages and the shock of a scenario, ordered by time. */
export function happeningsOf({ stages, shock }: Scenario): Happening[] {
  const all: Happening[] = stages.map(({ atSeconds, policy }) => ({
    atSeconds,
    text: Object.entries(policy)
      .map(([knob, value]) => `${knob} ${value}`)
      .join(', '),
    policy: policy,
  }));
  if (shock.atSeconds > 0) {
    all.push({ atSeconds: shock.atSeconds, text: 'shock begins', policy: {} });
    all.push({ atSeconds: shock.atSeconds + shock.forSeconds, text: 'shock ends', policy: {} });
  }
  return all.sort((a, b) => a.atSeconds - b.atSeconds);
}
