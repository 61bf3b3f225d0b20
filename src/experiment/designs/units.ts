import { meanOf, sum } from '../inference/moments.ts';
import { quantileType7 } from '../../metrics/inference/bootstrap.ts';
import type { EveningLog } from '../run/evening-log.ts';
import type { OutcomeName } from '../run/names.ts';
import type { ExperimentSpec } from '../run/spec.ts';
import { windowAt, fullWindows } from './assign.ts';
import { observationsOf, outcomeRules } from './outcomes.ts';
import { waitCurve } from './survival.ts';

/** A part of the evening with one arm as a whole: a window, a cluster, a cluster in a window. */
export interface Unit {
  /** Mean, quantile or total per person of the metric; NaN without an observation. */
  readonly value: number;
  /** NaN without an observation, or where both arms were seen. */
  readonly arm: number;
  /** Observations. */
  readonly count: number;
}

/** Units are groups of people x periods; unit = period * groups + group. */
export interface Division {
  readonly groups: number;
  groupOf(person: number): number;
  readonly periods: number;
  /** -1: a time that no period holds, such as a burn-in. */
  periodOf(time: number): number;
  /** Length of a period over that of the evening after the warm-up. */
  readonly periodShare: number;
}

/** Full windows as periods, each from `from` until `until` seconds after its begin. */
export function windowPeriods(
  spec: ExperimentSpec,
  seconds: number,
  from: number,
  until: number,
): Pick<Division, 'periods' | 'periodOf' | 'periodShare'> {
  const periods = fullWindows(spec);
  return {
    periods,
    periodOf(time) {
      const window = windowAt(spec, time);
      // Times are multiples of a millisecond; rounding must not move them.
      const since = time - spec.warmUp - window * spec.window + 1e-9;
      return window < periods && since >= from && since < until ? window : -1;
    },
    periodShare: (until - from) / (seconds - spec.warmUp),
  };
}

/**
 * The metric in every unit of a division of the evening after the warm-up. Waits that go on at the
 * end are censored: in the last window they would count for less than in the others. Totals per
 * person are scaled to the whole evening.
 */
export function unitsOf(
  log: EveningLog,
  spec: ExperimentSpec,
  metric: OutcomeName,
  division: Division,
): Unit[] {
  const outcome = outcomeRules[metric];
  const { groups, periods } = division;
  const rows = Array.from({ length: groups * periods }, (): number[] => []);
  const put = (person: number, time: number, row: number) => {
    const period = time < spec.warmUp ? -1 : division.periodOf(time);
    if (period >= 0) rows[period * groups + division.groupOf(person)].push(row);
  };
  const unit = (own: readonly number[], arm: (row: number) => number, value: () => number): Unit => {
    const arms = new Set(own.map(arm));
    const [only = NaN] = arms;
    return { value: own.length === 0 ? NaN : value(), arm: arms.size === 1 ? only : NaN, count: own.length };
  };

  if (outcome.of === 'waits') {
    const { waits } = log;
    for (let k = 0; k < waits.count; k++) put(waits.person[k], waits.begin[k], k);
    return rows.map((own) =>
      unit(
        own,
        (k) => waits.arm[k],
        () => {
          const curve = waitCurve(
            own.map((k) => waits.seconds[k]),
            own.map((k) => waits.ended[k]),
          );
          if (outcome.quantile !== undefined) return curve.quantile(outcome.quantile);
          return outcome.value === 'matched' ? curve.matched : curve.mean;
        },
      ),
    );
  }

  const observed = observationsOf(log, spec, metric, spec.warmUp);
  if (
    outcome.of === 'firsts' ||
    outcome.of === 'views' ||
    outcome.of === 'slates' ||
    (outcome.of === 'people' && outcome.value !== 'seconds' && outcome.value !== 'chats')
  ) {
    const isTimed = outcome.of !== 'people';
    observed.person.forEach((person, row) => put(person, isTimed ? observed.time[row] : spec.warmUp, row));
    return rows.map((own) =>
      unit(
        own,
        (row) => observed.arm[row],
        () => meanOf(own.map((row) => observed.value[row])),
      ),
    );
  }

  const { chats } = log;
  for (let k = 0; k < chats.count; k++) {
    put(chats.a[k], chats.start[k], 2 * k);
    put(chats.b[k], chats.start[k], 2 * k + 1);
  }
  const armOf = (side: number) => (side % 2 === 0 ? chats.armA : chats.armB)[side >> 1];
  if (outcome.of === 'chats') {
    const { quantile } = outcome;
    return rows.map((own) =>
      unit(own, armOf, () => {
        const values = own.map((side) =>
          outcome.value(chats.seconds[side >> 1], spec, chats.shares[side >> 1]),
        );
        return quantile === undefined
          ? meanOf(values)
          : quantileType7(
              values.sort((x, y) => x - y),
              quantile,
            );
      }),
    );
  }
  const people = new Float64Array(groups);
  for (const person of observed.person) people[division.groupOf(person)]++;
  return rows.map((own, u) =>
    unit(own, armOf, () => {
      const total = outcome.value === 'chats' ? own.length : sum(own.map((side) => chats.seconds[side >> 1]));
      return total / people[u % groups] / division.periodShare;
    }),
  );
}
