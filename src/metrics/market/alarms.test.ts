import { expect, test } from 'vitest';
import { AlarmWatch, type TickSigns } from './alarms.ts';

const calm: Omit<TickSigns, 'time'> = {
  waiting: 100,
  oldest: 4,
  overdue: 0,
  pairs: 40,
  gaveUp: 0,
  realMs: 20,
  tickMs: 500,
};

function run(watch: AlarmWatch, from: number, to: number, signs: Partial<TickSigns> = {}) {
  for (let time = from; time < to; time += 0.5) watch.tick({ ...calm, ...signs, time });
}
const kinds = (watch: AlarmWatch) => watch.alarms(0).map((a) => a.kind);

test('a calm market rings nothing, nor does one that never ran', () => {
  const watch = new AlarmWatch();
  expect(watch.alarms(0)).toEqual([]);
  run(watch, 0, 600);
  expect(watch.alarms(0)).toEqual([]);
});

test('the outage drill rings pool growth first, then the longest wait, then departures, and names the threshold', () => {
  const watch = new AlarmWatch();
  run(watch, 0, 60);
  const seen: string[] = [];
  for (let s = 0; s < 120; s++) {
    const overdue = s < 20 ? 0 : 15 * (s - 20);
    run(watch, 60 + s, 61 + s, {
      waiting: 100 + 15 * s,
      oldest: s + 4,
      overdue,
      pairs: 1,
      gaveUp: s < 60 ? 0 : 9,
    });
    for (const kind of kinds(watch)) if (!seen.includes(kind)) seen.push(kind);
  }
  expect(seen).toEqual(['pool-growth', 'oldest-wait', 'departures']);
  const text = watch.alarms(1000).map((a) => a.text);
  expect(text[0]).toMatch(
    /^The longest wait is 123 s; 79 % of the 1,885 who wait have waited over 20 s\. The quality threshold is 1,000: lower it\.$/,
  );
  expect(text[2]).toMatch(/^1,\d{3} people wait, 1\d times as many as usual \(100\)/);
  run(watch, 180, 260);
  expect(kinds(watch)).toEqual([]);
});

test('all alarms of a tick name the same number of people who wait', () => {
  const watch = new AlarmWatch();
  run(watch, 0, 60);
  for (let s = 0; s < 60; s++)
    run(watch, 60 + s, 61 + s, { waiting: 100 + 12 * s, oldest: 45, overdue: 400 });
  const text = watch.alarms(0).map((a) => a.text);
  expect(text).toHaveLength(2);
  for (const sentence of text) expect(sentence).toContain('808 ');
});

test('a market that is bad from its opening rings too, though it knows nothing better', () => {
  const watch = new AlarmWatch();
  run(watch, 0, 90, { overdue: 40, oldest: 50, gaveUp: 60 });
  expect(kinds(watch)).toEqual(['oldest-wait', 'departures']);
});

test('a few stragglers that were always there are no alarm', () => {
  const watch = new AlarmWatch();
  run(watch, 0, 300, { overdue: 8, oldest: 50, gaveUp: 5 });
  expect(kinds(watch)).toEqual([]);
});

test('late ticks ring from three in a minute on, and are forgotten after it', () => {
  const watch = new AlarmWatch();
  run(watch, 0, 10);
  run(watch, 10, 11, { realMs: 700 });
  expect(kinds(watch)).toEqual([]);
  run(watch, 11, 11.5, { realMs: 812 });
  expect(watch.alarms(0)[0].text).toBe(
    '3 of the last 23 ticks took longer than the 500 ms between two ticks, the slowest 812 ms. Fewer people or a longer tick would help.',
  );
  run(watch, 11.5, 75, { realMs: NaN });
  expect(kinds(watch)).toEqual([]);
});
