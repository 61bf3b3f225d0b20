import { designEffectOf } from '../../experiment/inference/clusters.ts';
import { planFrom, type PlannedArms } from '../../experiment/inference/planning.ts';
import { confidenceSequence, sequentialTypeOne } from '../../experiment/inference/sequential.ts';
import { measuredShare } from '../../experiment/switchback/carry-over.ts';
import { designNames, outcomeNames } from '../../experiment/run/names.ts';
import { defineCommand } from '../cli/command.ts';
import { choice, integer, number, text, UsageError } from '../cli/options.ts';
import { readReport } from './read-experiment.ts';

interface PlanAnswer {
  /** What is counted: people (or other independent units), windows or evenings. */
  readonly of: 'people' | 'windows' | 'evenings';
  readonly computed: 'effect' | 'power' | 'units';
  readonly effect: number;
  readonly power: number;
  readonly alpha: number;
  /** In both arms together; for evenings, the number of evenings. */
  readonly units: number;
  /** Whole units that are enough. */
  readonly units_needed: number;
  readonly sd: number;
  readonly share: number;
  readonly design_effect: number;
  /** With --units-per-day. */
  readonly days: number | null;
  /** With --window-seconds. */
  readonly seconds: number | null;
  /** With --looks. */
  readonly looks: LooksPlan | null;
  /** Share of the effect that a switchback measures, by schedule, with --memory-seconds. */
  readonly measured_share: { readonly bernoulli: number; readonly alternating: number } | null;
}

/** What it costs to look at an experiment again and again. */
interface LooksPlan {
  readonly looks: number;
  /** Share of experiments without an effect whose interval for one moment excludes 0 at a look. */
  readonly fixed_interval: number;
  /** The same for the always-valid interval. */
  readonly always_valid: number;
  /** How much wider the always-valid interval is at the last look. */
  readonly times_wider: number;
}

/** Simulated experiments of {@link LooksPlan}: shares are within 0.01. */
const LOOK_RUNS = 10_000;

const fraction = { above: 0, max: 0.999999 };

export const command = defineCommand({
  arguments: [],
  about: `Give two of --effect, --power and --units; the third follows. With one of --effect and --units only,
the power is 0.8. The three answers are exact inverses of each other. Units are those of both arms
together.

Where the standard deviation comes from:
  --sd S                    of one person's outcome (z test)
  --sd S --window-seconds W of one window's mean: windows are the units (t test, half in either arm)
  --report FILE.json        of one evening's estimate in the report of \`experiment run --json\`, for
                            --design and --metric: evenings are the units`,
  options: {
    sd: number('S', 'standard deviation of a unit', { above: 0 }),
    report: text('FILE.json', 'report of an experiment, or "-" for standard input'),
    design: choice(designNames, 'with --report', 'switchback'),
    metric: choice(outcomeNames, 'with --report', 'chat'),
    effect: number('E', 'difference of the means to be found', { above: 0 }),
    power: number('P', 'chance to find it', fraction),
    units: number('N', 'people, windows or evenings', { above: 0 }),
    alpha: number('A', 'error of a two-sided test', { ...fraction, fallback: 0.05 }),
    share: number('P', 'share of people in arm B', { min: 0.01, max: 0.99, fallback: 0.5 }),
    'units-per-day': number('U', 'people per day, for the duration', { above: 0 }),
    'window-seconds': number('W', 'length of a window, s', { above: 0 }),
    'memory-seconds': number('M', 'time in which the market forgets 63 % of the window before', { above: 0 }),
    'burn-in': integer('B', 'seconds at the start of every window that do not count', {
      min: 0,
      fallback: 0,
    }),
    looks: integer('K', 'also says what it costs to look K times, equally spaced', { min: 1, max: 1000 }),
    correlation: number('R', "of a person's outcome with the pre-period (CUPED)", {
      min: -0.999999,
      max: 0.999999,
    }),
    'cluster-size': number('M', 'mean people of a cluster, where clusters are assigned', { min: 1 }),
    icc: number('R', 'intraclass correlation of clusters', { min: 0, max: 1, fallback: 0 }),
    'cluster-cv': number('C', 'coefficient of variation of the sizes of clusters', { min: 0, fallback: 0 }),
  },
  async run({ options }): Promise<PlanAnswer> {
    const { effect, units, alpha, share, correlation, report } = options;
    const power = options.power ?? (effect === undefined || units === undefined ? 0.8 : undefined);
    const given = [effect, power, units].filter((x) => x !== undefined);
    if (given.length !== 2)
      throw new UsageError(
        given.length === 3
          ? 'follows from the other two; leave one of --effect, --power and --units out'
          : 'and --units are both missing; give one of them',
        '--effect',
      );
    if ((options.sd === undefined) === (report === undefined))
      throw new UsageError('give either --sd or --report', '--sd');
    const windowSeconds = options['window-seconds'];
    const deviation = options.sd ?? (await reportedSd(report!, options.design, options.metric));
    const sd = deviation * Math.sqrt(1 - (correlation ?? 0) ** 2);
    const of = report !== undefined ? 'evenings' : windowSeconds !== undefined ? 'windows' : 'people';
    const size = options['cluster-size'];
    const designEffect =
      size === undefined ? 1 : designEffectOf(size, options.icc, options['cluster-cv']).design_effect_unequal;
    // An evening has both arms: its sd is that of a difference, as of a unit in an arm of its own.
    const arms: PlannedArms =
      of === 'windows'
        ? { of, sd }
        : of === 'evenings'
          ? { of: 'units', design: { sd: sd / 2, share: 0.5, designEffect: 1 } }
          : { of: 'units', design: { sd, share, designEffect } };
    if (of === 'windows' && units !== undefined && units < 3)
      throw new UsageError(`must be at least 3 windows; it is ${units}`, '--units');
    const plan = planFrom(arms, { effect, power, units }, alpha);
    const whole = Math.ceil(plan.units - 1e-9);
    const needed = of === 'windows' ? 2 * Math.ceil(whole / 2) : whole;
    const perDay = options['units-per-day'];
    return {
      of,
      computed: effect === undefined ? 'effect' : units === undefined ? 'units' : 'power',
      ...{ ...plan, alpha, units_needed: needed },
      ...{ sd, share: of === 'people' ? share : 0.5, design_effect: designEffect },
      days: perDay === undefined ? null : needed / perDay,
      seconds: windowSeconds === undefined ? null : needed * windowSeconds,
      looks: options.looks === undefined ? null : looksOf(options.looks, alpha),
      measured_share: shareMeasured(windowSeconds, options['memory-seconds'], options['burn-in']),
    };
  },
  print(plan) {
    const find = `an effect of ${short(plan.effect)} is found with a power of ${short(100 * plan.power)} %`;
    const length =
      plan.seconds !== null
        ? ` (${short(plan.seconds / 3600)} hours)`
        : plan.days !== null
          ? ` (${short(plan.days)} days)`
          : '';
    const share = plan.measured_share;
    const percent = (x: number) => `${short(100 * x)} %`;
    const memory =
      share === null
        ? ''
        : `\nWhat the market remembers of the window before leaves ${percent(share.bernoulli)} of the effect in the estimate (Bernoulli; ${percent(share.alternating)} alternating).`;
    const { looks } = plan;
    const watched =
      looks === null
        ? ''
        : `\nLooked at ${looks.looks} times, an interval for one moment excludes 0 in ${percent(looks.fixed_interval)} of experiments without an effect. The always-valid one does in ${percent(looks.always_valid)}; at the last look it is ${short(looks.times_wider)} times as wide.`;
    return `With ${plan.units_needed} ${plan.of}${length} ${find}, alpha ${plan.alpha}.${memory}${watched}`;
  },
});

function looksOf(looks: number, alpha: number): LooksPlan {
  const runs = sequentialTypeOne.formula({ looks, optimal_at: looks, alpha, runs: LOOK_RUNS, seed: 1 });
  const last = confidenceSequence.formula({
    alpha,
    optimal_at: looks,
    points: [{ sum: 0, variance: looks }],
  });
  return {
    looks,
    fixed_interval: runs.fixed_interval,
    always_valid: runs.confidence_sequence,
    times_wider: last.points[0].width_over_fixed,
  };
}

/** What a first-order memory leaves of the effect; null without a memory. @throws UsageError. */
function shareMeasured(window: number | undefined, memory: number | undefined, burnIn: number) {
  if (memory === undefined) return null;
  if (window === undefined) throw new UsageError('needs --window-seconds', '--memory-seconds');
  if (burnIn >= Math.round(window))
    throw new UsageError(`must be shorter than the window, ${window} s; it is ${burnIn}`, '--burn-in');
  return measuredShare(Math.exp(-1 / memory), Math.round(window), burnIn);
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

/** Standard deviation of a design's estimates over evenings. @throws LabError. */
async function reportedSd(path: string, design: string, metric: string): Promise<number> {
  const { designs, missing } = await readReport(path);
  const sd = designs[design]?.[metric]?.sd;
  if (typeof sd !== 'number' || !(sd > 0))
    throw missing(
      `there is no standard deviation of ${metric} under ${design}; run the experiment with --design ${design} over several evenings`,
    );
  return sd;
}
