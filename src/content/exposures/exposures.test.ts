import { describe, expect, test } from 'vitest';
import { Stream, uniform } from '../../base/hash.ts';
import { readCsv } from '../../base/text/csv.ts';
import { offPolicyReport, outcomesByPlace } from './exposure-report.ts';
import { offPolicy, placeItemShares, rowsUnder, snipsInterval } from './off-policy.ts';
import { predictionReport, varietyReport } from './quality.ts';
import { readExposures } from './read-exposures.ts';

const bounds = { switchAt: 10, shrink: 10 };

describe('estimators', () => {
  test('IPS and DR are right on average over everything that the log could have shown', () => {
    // One place, three items with certain outcomes; the mean over the draws is a weighted sum.
    const [logging, target, outcome] = [
      [0.5, 0.3, 0.2],
      [0.2, 0.2, 0.6],
      [1, 0, 0.5],
    ];
    const truth = target.reduce((sum, chance, item) => sum + chance * outcome[item], 0);
    const wrongModel = [0.9, 0.4, 0.1];
    const expected = target.reduce((sum, chance, item) => sum + chance * wrongModel[item], 0);
    let [ips, dr, dm] = [0, 0, 0];
    logging.forEach((chance, item) => {
      const one = offPolicy(
        {
          outcome: [outcome[item]],
          propensity: [logging[item]],
          target: [target[item]],
          predicted: [wrongModel[item]],
          expected: [expected],
        },
        bounds,
      );
      ips += chance * one.ips;
      dr += chance * one.dr;
      dm += chance * one.dm;
    });
    expect(ips).toBeCloseTo(truth, 12);
    expect(dr).toBeCloseTo(truth, 12);
    expect(Math.abs(dm - truth)).toBeGreaterThan(0.05);
  });

  test('under the policy of the log, every weight is 1 and all estimates are the mean', () => {
    const log = {
      place: [0, 0, 0, 0],
      item: [0, 1, 0, 1],
      outcome: [1, 0, 0, 1],
      propensity: [0.5, 0.5, 0.5, 0.5],
    };
    const found = offPolicy(rowsUnder(log, [1, 2], [0.5, 0.5]), bounds);
    for (const estimate of [found.ips, found.snips, found.clippedIps, found.dr, found.sndr, found.switchDr])
      expect(estimate).toBeCloseTo(0.5, 12);
    expect(found).toMatchObject({ ess: 4, maxWeight: 1, meanWeight: 1 });
    expect([...placeItemShares([0, 0, 2], [0, 1, 1], [3, 2])]).toEqual([0.5, 0.5, 0, 0, 0, 1]);
  });

  test('the interval holds the truth in about 95 of 100 logs of people who differ', () => {
    const [runs, people, each, logging] = [150, 60, 10, [0.6, 0.3, 0.1]];
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const u = (person: number, what: number) => uniform(52_000 + run, Stream.content, person, what);
      const rows = { outcome: [] as number[], propensity: [] as number[], target: [] as number[] };
      const unit: number[] = [];
      for (let person = 0; person < people; person++)
        for (let k = 0; k < each; k++) {
          const draw = u(person, 1 + k);
          const item = draw < 0.6 ? 0 : draw < 0.9 ? 1 : 2;
          const chance = 0.4 * u(person, 0) * (1 + item / 2);
          rows.outcome.push(u(person, 100 + k) < chance ? 1 : 0);
          rows.propensity.push(logging[item]);
          rows.target.push(1 / 3);
          unit.push(person);
        }
      const { low, high } = snipsInterval({ ...rows, predicted: [], expected: [] }, unit);
      // Mean over people and items: .4 x .5 x 1.5.
      if (low <= 0.3 && 0.3 <= high) covered++;
    }
    expect(covered / runs).toBeGreaterThan(0.95 - 3 * Math.sqrt((0.95 * 0.05) / runs));
  });

  test('there is no interval where hardly any outcome carries the weight', () => {
    const outcome = Array.from({ length: 500 }, (_, k) => (k < 5 ? 1 : 0));
    const rows = { outcome, propensity: outcome.map(() => 0.5), target: outcome.map(() => 0.5) };
    expect(snipsInterval({ ...rows, predicted: [], expected: [] })).toEqual({ low: NaN, high: NaN });
  });
});

const columns = { item: 'item', place: 'place', propensity: 'propensity', outcome: 'did=click' };
const csv = (text: string) => readCsv(new TextEncoder().encode(text), 'log.csv');
const header = 'event,person,request,place,item,propensity,chance,did\n';
const log = (...lines: string[]) =>
  readExposures(csv(header + lines.join('\n')), {
    ...columns,
    ...{ person: 'person', request: 'request', prediction: 'chance' },
  });

describe('a log of exposures', () => {
  test('rows without an item are skipped, and a missing propensity stays missing', () => {
    const found = log(
      'arrival,a,,,,,,',
      'decision,a,1,1,p7,0.25,0.4,like click',
      'decision,a,1,2,p9,,0.2,skip',
      'decision,b,2,1,p7,0.5,0.1,',
    );
    expect([found.rows, found.skipped]).toEqual([3, 1]);
    expect(found.item.names).toEqual(['p7', 'p9']);
    expect([...found.outcome]).toEqual([1, 0, 0]);
    expect([...found.propensity]).toEqual([0.25, NaN, 0.5]);
    const report = offPolicyReport(found, { kind: 'uniform' }, bounds);
    expect(report).toMatchObject({ drawn: 2, not_drawn: 1, snips: { low: null, high: null } });
    // The second item was never drawn: half of the uniform policy is unknown.
    expect(report).toMatchObject({ unsupported: 0.5 });
    expect(outcomesByPlace(found)).toMatchObject([
      { place: '1', exposures: 2, mean: 0.5 },
      { place: '2', exposures: 1, mean: 0 },
    ]);
    expect(
      predictionReport({ ...found, prediction: found.prediction!, request: found.request!.codes }),
    ).toMatchObject({ rows: 3, auroc: 1, ndcg: 1, lists: 1, precision_of_top: 0.5, recall_at_half: 0 });
  });

  test('names the wrong cell', () => {
    expect(() => log('decision,a,1,1,p7,1.5,,')).toThrow(
      'log.csv:2:19: propensity must be above 0 and at most 1; it is "1.5"',
    );
    expect(() => log('decision,a,1,1,p7,0,,')).toThrow('above 0');
    expect(() => log('arrival,a,,,,,,')).toThrow('no row has an item');
    expect(() => offPolicyReport(log('decision,a,1,1,p7,,,'), { kind: 'uniform' }, bounds)).toThrow(
      'no row has a propensity',
    );
  });

  test('another log is a target: its shares by place, by the names of the items', () => {
    const other = log(
      'decision,a,1,1,p9,1,,',
      'decision,a,2,1,p7,1,,',
      'decision,a,3,1,new,1,,',
      'decision,b,4,1,new,1,,',
    );
    const own = log('decision,a,1,1,p7,0.5,,click', 'decision,a,2,1,p9,0.5,,');
    expect(offPolicyReport(own, { kind: 'log', log: other }, bounds)).toMatchObject({
      ...{ ips: 0.25, unsupported: 0.5, mean_weight: 0.5, snips: { mean: 0.5 } },
    });
    const elsewhere = log('decision,a,1,5,p9,1,,');
    expect(() => offPolicyReport(own, { kind: 'log', log: elsewhere }, bounds)).toThrow(
      'the log of the target shows nothing at place "1"',
    );
  });

  test('variety: what is shown later, against what people clicked before', () => {
    const found = log(
      ...['decision,a,1,1,p1,1,,click', 'decision,b,1,1,p1,1,,click', 'decision,b,1,1,p2,1,,'],
      ...['decision,a,2,1,p1,1,,', 'decision,a,2,2,p2,1,,click', 'decision,b,2,1,p1,1,,'],
    );
    // p1 was clicked by both, p2 by nobody.
    const { outcome } = found;
    expect(varietyReport({ person: found.person!.codes, item: found.item.codes, outcome })).toMatchObject({
      novelty: 0,
      catalogue_coverage: 2,
      diversity: 1,
    });
  });
});
