import * as v from 'valibot';
import { orNull } from '../../base/or-null.ts';
import { highestFirst } from '../../content/stages/value.ts';
import { finite, kind, list, notNegative, whole } from '../../experiment/compute/kind.ts';
import { auroc } from '../../metrics/ranking/auroc.ts';
import { logLoss } from '../../metrics/ranking/errors.ts';
import { discounted, discountedGain, exponentialGains, idealGain } from '../../metrics/ranking/ndcg.ts';
import {
  brierScore,
  confusion,
  equalWidthError,
  topList,
  type TopList,
} from '../../metrics/ranking/top-list.ts';

const label = whole(0, 1);
const id = v.union([v.string(), finite]);
type Id = v.InferOutput<typeof id>;
const sameLength = (...lists: readonly (readonly unknown[])[]) =>
  lists.every(({ length }) => length === lists[0].length);

/** Whether scores can be chances; otherwise only their order and a threshold say something. */
const areChances = (scores: readonly number[]) => scores.every((score) => score >= 0 && score <= 1);

/** Items by user. */
function byUser(users: readonly Id[]): Map<Id, number[]> {
  const rows = new Map<Id, number[]>();
  users.forEach((user, row) => {
    const own = rows.get(user);
    if (own) own.push(row);
    else rows.set(user, [row]);
  });
  return rows;
}

export const ranking = kind(
  'precision, recall, MAP and NDCG of ranked lists over users; or AUC and log loss of scores',
  v.union(
    [
      v.pipe(
        v.object({
          true: v.object({ u: list(id), i: list(id) }),
          pred: v.object({ u: list(id), i: list(id), p: list(finite) }),
          k: whole(1, 1e6),
        }),
        v.check(
          (input) =>
            sameLength(input.true.u, input.true.i) && sameLength(input.pred.u, input.pred.i, input.pred.p),
          'the columns of a table have the same length',
        ),
      ),
      v.pipe(
        v.object({ labels: list(label), scores: list(finite) }),
        v.check(({ labels, scores }) => sameLength(labels, scores), 'every label has a score'),
      ),
    ],
    'give true, pred and k, or labels and scores',
  ),
  (input) => {
    if ('labels' in input)
      return {
        auc: orNull(auroc(input.scores, input.labels)),
        // The edge of scikit-learn.
        logloss: areChances(input.scores) ? logLoss(input.scores, input.labels, Number.EPSILON) : null,
      };
    const { pred, k } = input;
    const truth = byUser(input.true.u);
    const lists: TopList[] = [];
    // Users without a prediction, or without a relevant item, are left out.
    for (const [user, rows] of byUser(pred.u)) {
      const relevant = truth.get(user);
      if (relevant === undefined) continue;
      const ranked = highestFirst(rows.map((row) => pred.p[row])).map((at) => pred.i[rows[at]]);
      lists.push(topList(ranked, new Set(relevant.map((row) => input.true.i[row])), k));
    }
    const mean = (of: (one: TopList) => number) =>
      orNull(lists.reduce((sum, one) => sum + of(one), 0) / lists.length);
    return {
      precision: mean((one) => one.precision),
      recall: mean((one) => one.recall),
      map: mean((one) => one.averagePrecision),
      ndcg: mean((one) => one.ndcg),
    };
  },
);

const cut = v.nullish(whole(1, 1e6));
/** 0 where nothing is relevant, as in scikit-learn. */
const ratio = (gain: number, ideal: number) => (ideal === 0 ? 0 : gain / ideal);

export const ndcgKind = kind(
  'discounted cumulative gain with linear and exponential gains, ties shared',
  v.union(
    [
      v.pipe(
        v.object({ scores: list(finite), relevance: list(v.pipe(notNegative, v.maxValue(1000))), k: cut }),
        v.check(({ scores, relevance }) => sameLength(scores, relevance), 'every score has a relevance'),
      ),
      v.object({ ranking: list(notNegative), all: v.optional(list(notNegative)), k: cut }),
    ],
    'give scores and relevance, or ranking',
  ),
  (input) => {
    if ('ranking' in input) {
      const k = input.k ?? input.ranking.length;
      const [dcg, idcg] = [discounted(input.ranking, k), idealGain(input.all ?? input.ranking, k)];
      return { dcg, idcg, ndcg: ratio(dcg, idcg) };
    }
    const { scores, relevance } = input;
    const k = input.k ?? scores.length;
    const exponential = exponentialGains(relevance);
    const [dcgLinear, dcgExponential] = [
      discountedGain(scores, relevance, k),
      discountedGain(scores, exponential, k),
    ];
    return {
      ...{ dcgLinear, dcgExponential },
      ndcgLinear: ratio(dcgLinear, idealGain(relevance, k)),
      ndcgExponential: ratio(dcgExponential, idealGain(exponential, k)),
    };
  },
);

export const threshold = kind(
  'precision, recall, false-positive rate and F1 at a threshold; area, Brier score and calibration',
  v.pipe(
    v.object({
      scores: list(finite),
      labels: list(label),
      threshold: v.optional(finite),
      rule: v.optional(v.literal('positive where score >= threshold')),
    }),
    v.check(({ scores, labels }) => sameLength(scores, labels), 'every score has a label'),
  ),
  ({ scores, labels, threshold: at }) => {
    const curve = {
      auc: orNull(auroc(scores, labels)),
      brier: areChances(scores) ? brierScore(scores, labels) : null,
      ece10: areChances(scores) ? equalWidthError(scores, labels, 10) : null,
    };
    if (at === undefined) return curve;
    const { precision, recall, fpr, f1, ...counts } = confusion(scores, labels, at);
    return {
      ...{ ...curve, ...counts },
      ...{ precision: orNull(precision), recall: orNull(recall), fpr: orNull(fpr), f1: orNull(f1) },
    };
  },
);
