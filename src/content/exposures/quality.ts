import { orNull } from '../../base/or-null.ts';
import { auroc } from '../../metrics/ranking/auroc.ts';
import { logLoss } from '../../metrics/ranking/errors.ts';
import { ndcg } from '../../metrics/ranking/ndcg.ts';
import { brierScore, confusion, equalWidthError, topList } from '../../metrics/ranking/top-list.ts';
import {
  catalogCoverage,
  cooccurrence,
  distributionalCoverage,
  itemsByUser,
  listDiversity,
  listSerendipity,
  meanNovelty,
  type Interaction,
} from '../life/beyond-accuracy.ts';
import { highestFirst } from '../stages/value.ts';

/** Places of a list that are judged as its top. */
const TOP = 3;

/** Exposures with predicted chances; one entry per row in every list. */
export interface PredictedRows {
  /** Predicted chance of the outcome; NaN where there is none. */
  readonly prediction: ArrayLike<number>;
  /** 1 where it followed, else 0. */
  readonly outcome: ArrayLike<number>;
  /** List to which the row belongs, by number; null where lists are not known. */
  readonly request: ArrayLike<number> | null;
}

/**
 * How good predicted chances are: as chances, as a rule "at least one half", and as a ranking
 * within each list. Undefined where nothing was predicted, or outcomes are no labels of 0 and 1.
 */
export function predictionReport({ prediction, outcome, request }: PredictedRows) {
  const rows = Array.from(outcome, (_, row) => row).filter((row) => !Number.isNaN(prediction[row]));
  const labels = rows.map((row) => outcome[row]);
  if (rows.length === 0 || labels.some((label) => label !== 0 && label !== 1)) return undefined;
  const chances = rows.map((row) => prediction[row]);
  const { precision, recall } = confusion(chances, labels, 0.5);
  const lists = request === null ? [] : listsOf(rows.map((row) => request[row]));
  const judged = lists.filter((list) => list.length > 1 && list.some((k) => labels[k] === 1));
  const mean = (of: (list: readonly number[]) => number) =>
    orNull(judged.reduce((sum, list) => sum + of(list), 0) / judged.length);
  return {
    rows: rows.length,
    auroc: orNull(auroc(chances, labels)),
    log_loss: logLoss(chances, labels),
    brier: brierScore(chances, labels),
    calibration_error: equalWidthError(chances, labels, 10),
    precision_at_half: orNull(precision),
    recall_at_half: orNull(recall),
    /** Lists of at least two rows with at least one positive outcome; only they are ranked. */
    lists: judged.length,
    ndcg: mean((list) =>
      ndcg(
        list.map((k) => chances[k]),
        list.map((k) => labels[k]),
      ),
    ),
    precision_of_top: mean((list) => {
      const relevant = new Set(list.filter((k) => labels[k] === 1));
      const ranked = highestFirst(list.map((k) => chances[k])).map((at) => list[at]);
      return topList(ranked, relevant, Math.min(TOP, list.length)).precision;
    }),
  };
}

function listsOf(requests: readonly number[]): number[][] {
  const lists = new Map<number, number[]>();
  requests.forEach((request, k) => {
    const list = lists.get(request);
    if (list === undefined) lists.set(request, [k]);
    else list.push(k);
  });
  return [...lists.values()];
}

/**
 * Beyond accuracy: what was shown in the second half of the rows, against the outcomes of the
 * first. People and items by number, in the order of time.
 */
export function varietyReport({
  person,
  item,
  outcome,
}: {
  readonly person: ArrayLike<number>;
  readonly item: ArrayLike<number>;
  readonly outcome: ArrayLike<number>;
}) {
  const all = Array.from(outcome, (_, row) => row);
  const half = Math.floor(all.length / 2);
  const record = (row: number): Interaction => [person[row], item[row]];
  const train = all
    .slice(0, half)
    .filter((row) => outcome[row] > 0)
    .map(record);
  const later = all.slice(half);
  const shown = later.map(record);
  const similarity = cooccurrence(train);
  const had = itemsByUser(train);
  const lists = [...itemsByUser(later.map((row) => [person[row], row]))];
  const mean = (of: (user: number, own: readonly number[]) => number) => {
    const values = lists.map(([user, own]) => of(user, own)).filter(Number.isFinite);
    return orNull(values.reduce((sum, value) => sum + value, 0) / values.length);
  };
  const itemsOf = (own: readonly number[]) => own.map((row) => item[row]);
  return {
    novelty: orNull(meanNovelty(train, shown)),
    catalogue_coverage: orNull(catalogCoverage(train, shown)),
    distributional_coverage: distributionalCoverage(shown),
    diversity: mean((_, own) => listDiversity(itemsOf(own), similarity)),
    serendipity: mean((user, own) =>
      listSerendipity(
        itemsOf(own),
        own.map((row) => (outcome[row] > 0 ? 1 : 0)),
        had.get(user) ?? [],
        similarity,
      ),
    ),
  };
}
