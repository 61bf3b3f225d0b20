import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { command as runCommand } from './run.ts';
import { command } from './windows.ts';

const folder = mkdtempSync(join(tmpdir(), 'lab-windows-'));
afterAll(() => rmSync(folder, { recursive: true }));

const small = {
  scenario: { population: { people: 300, online: 80, arrivalsPerMinute: 60 } },
  a: { scorer: 'oracle' },
  b: { scorer: 'oracle', threshold: 30 },
  ...{ ticks: 80, seed: 50_300, metrics: ['matched'], window: 5 },
};
const path = join(folder, 'experiment.json');
writeFileSync(path, JSON.stringify(small));
const answer = (line: string) => command.run([path, ...line.split(' ')], () => undefined);

test('every burn-in of every window is what the same experiment says with that window and burn-in', async () => {
  const out = join(folder, 'windows.json');
  const study = await answer(`--windows 10,5 --burn-ins 0.4,0 --evenings 2 --workers 0 --out ${out}`);
  expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(study);
  expect(study.settings.map(({ window, burn_in }) => [window, burn_in])).toEqual([
    [5, 0],
    [5, 2],
    [10, 0],
    [10, 4],
  ]);
  writeFileSync(path, JSON.stringify({ ...small, window: 10, burn_in: 4 }));
  const own = await runCommand.run(
    [path, ...'--design switchback,switchback-corrected --evenings 2 --workers 0'.split(' ')],
    () => undefined,
  );
  expect(study.truth).toEqual(own.truth);
  const { estimate, bias, sd } = own.designs['switchback']!.matched!;
  expect(study.settings[3].designs['switchback'].matched).toMatchObject({ estimate, bias, sd });
  const text = command.print(study);
  expect(text).toMatch(/^matched: true effect \S+, mean of 2 evenings\n {2}design/);
  expect(text.match(/switchback-corrected/g)).toHaveLength(4);
});

test.each([
  ['--windows 11', 'a window must be above 0 and at most 10 s'],
  ['--windows 5 --burn-ins 0,1', 'a burn-in must be a share of its window'],
  ['--windows 5,soon', '--windows: expected numbers with commas'],
])('%s is refused', async (line, message) => {
  await expect(answer(line)).rejects.toThrow(message);
});
