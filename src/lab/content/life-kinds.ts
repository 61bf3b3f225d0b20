import * as v from 'valibot';
import { orNull } from '../../base/or-null.ts';
import { dwellSignals, sharesThatPass } from '../../content/life/dwell.ts';
import { cascade } from '../../content/life/fatigue.ts';
import { gateChances } from '../../content/life/gates.ts';
import { filterIntent } from '../../content/life/intent.ts';
import { GaussianBelief, gradientStep } from '../../content/life/signals.ts';
import {
  finite,
  kind,
  list,
  matrix,
  notNegative,
  openShare,
  positive,
  share,
  whole,
} from '../../experiment/compute/kind.ts';
import { normalQuantile } from '../../metrics/inference/distributions.ts';
import { wilson } from '../../metrics/inference/student.ts';

export const dwellRules = kind(
  'what watching a post for some seconds counts as: click, long view, done',
  v.object({ playSeconds: notNegative, durationSeconds: positive }),
  ({ playSeconds, durationSeconds }) => {
    const { click, longView, done90, watchRatio } = dwellSignals(playSeconds, durationSeconds);
    return { click: Number(click), longView: Number(longView), done90: Number(done90), watchRatio };
  },
);

export const durationBias = kind(
  'how a 90 % rule favours short posts, by the length of the post',
  v.object({
    watchLaw: v.optional(v.literal('log-normal')),
    median: positive,
    sigma: positive,
    durations: list(positive),
  }),
  ({ median, sigma, durations }) => {
    const shares = durations.map((duration) => [duration, sharesThatPass(duration, median, sigma)] as const);
    return {
      share90: Object.fromEntries(shares.map(([duration, { share90 }]) => [duration, share90])),
      share18s: Object.fromEntries(shares.map(([duration, { share18s }]) => [duration, share18s])),
    };
  },
);

export const fatigue = kind(
  'how far readers go down a feed whose cards tire them, by exact recursion',
  v.pipe(
    v.object({
      cards: v.array(v.tuple([share, v.string()])),
      theta: notNegative,
      leaveAfterClick: share,
      leaveAfterNoClick: v.record(v.string(), share),
      recoveryPerCard: v.optional(share, 1),
      tiredPerSimilarCard: v.optional(notNegative, 0),
    }),
    v.check(
      ({ cards, leaveAfterNoClick }) => cards.every(([, name]) => Object.hasOwn(leaveAfterNoClick, name)),
      'leaveAfterNoClick has a chance for every kind of card',
    ),
  ),
  ({ cards, leaveAfterNoClick, ...rule }) => {
    const { reached, clicks, seesAll } = cascade(
      cards.map(([chance, name]) => ({ chance, kind: name })),
      { ...rule, leaveAfterNoClick: (name) => leaveAfterNoClick[name] },
    );
    const views = (isCounted: (name: string) => boolean) =>
      cards.reduce((sum, [, name], k) => sum + (isCounted(name) ? reached[k] : 0), 0);
    return {
      reached: [...reached],
      clicks: [...clicks],
      expectedViews: views(() => true),
      expectedAdViews: views((name) => name === 'ad'),
      seesAll,
    };
  },
);

export const postGates = kind(
  'chances that a post earns its further views at every gate',
  v.object({
    successChance: share,
    threshold: share,
    gates: v.pipe(
      list(whole(1, 100_000)),
      v.check((gates) => gates.every((gate, k) => k === 0 || gate > gates[k - 1]), 'the gates ascend'),
    ),
    rule: v.optional(v.literal('passes where successes >= ceil(threshold x views)')),
  }),
  ({ successChance, threshold, gates }) => {
    const { passes, expectedViews } = gateChances(successChance, threshold, gates);
    return {
      passes: Object.fromEntries(gates.map((gate, k) => [gate, passes[k]])),
      expectedViewsBeforeLastGate: expectedViews,
    };
  },
);

export const wilsonKind = kind(
  'interval of a share, by Wilson: 95 % or another confidence',
  v.pipe(
    v.object({
      successes: whole(0, 2 ** 53 - 1),
      views: whole(0, 2 ** 53 - 1),
      confidence: v.optional(openShare, 0.95),
    }),
    v.check(({ successes, views }) => successes <= views, 'there are at most as many successes as views'),
  ),
  ({ successes, views, confidence }) => {
    const { low, high } = wilson(successes, views, normalQuantile((1 + confidence) / 2));
    return { low: orNull(low), high: orNull(high) };
  },
);

export const signalUpdate = kind(
  'the vector of a post after signals: by Bayes, step by step, all at once, and without a lock',
  v.pipe(
    v.object({
      prior: list(finite),
      users: v.union([matrix, v.tuple([])]),
      signals: v.array(finite),
      priorPrecision: positive,
      noise: positive,
      rate: notNegative,
    }),
    v.check(({ users, signals }) => users.length === signals.length, 'every user has a signal'),
    v.check(
      ({ prior, users }) => users.length === 0 || users[0].length === prior.length,
      'the vectors of users are as long as the prior',
    ),
  ),
  ({ prior, users, signals, priorPrecision, noise, rate }) => {
    const belief = new GaussianBelief(prior, priorPrecision, noise);
    const [inOrder, batch, last] = [0, 1, 2].map(() => Float64Array.from(prior));
    signals.forEach((signal, k) => {
      belief.update(users[k], signal);
      gradientStep(inOrder, 0, users[k], signal, rate);
      // Both read the vector as it was at the beginning; the last writer overwrites all others.
      gradientStep(batch, 0, users[k], signal, rate, prior);
      last.set(prior);
      gradientStep(last, 0, users[k], signal, rate, prior);
    });
    return {
      posterior: [...belief.mean],
      posteriorVariance: prior.map((_, d) => belief.covariance[d * prior.length + d]),
      gradientInOrder: [...inOrder],
      lastWriterWins: [...last],
      lostUpdates: Math.max(0, signals.length - 1),
      batchGradient: [...batch],
    };
  },
);

export const intent = kind(
  'the chances of a hidden intent after each observation',
  v.pipe(
    v.object({
      intents: list(v.string()),
      start: list(share),
      stay: share,
      emit: list(list(share)),
      observed: v.array(whole(0, 1e6)),
      symbols: v.optional(v.array(v.string())),
    }),
    v.check(
      ({ intents, start, emit }) => start.length === intents.length && emit.length === intents.length,
      'every intent has a start and a row of emit',
    ),
    v.check(({ start }) => Math.abs(start.reduce((a, b) => a + b, 0) - 1) < 1e-6, 'start adds to 1'),
    v.check(
      ({ observed, emit }) => emit.every((row) => observed.every((symbol) => symbol < row.length)),
      'every observation has a chance under every intent',
    ),
  ),
  ({ start, stay, emit, observed }) => {
    const belief = Float64Array.from(start);
    let logLikelihood = 0;
    const posterior = observed.map((symbol, k) => {
      logLikelihood += Math.log(
        filterIntent(
          belief,
          emit.map((row) => row[symbol]),
          k === 0 ? 1 : stay,
        ),
      );
      return [...belief];
    });
    return { posterior, logLikelihood: orNull(logLikelihood) };
  },
);
