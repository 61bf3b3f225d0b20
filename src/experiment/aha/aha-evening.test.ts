import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { command as aha } from '../../lab/causal/aha.ts';
import { nodeContext } from '../../lab/jobs/node-context.ts';
import { command as run } from '../../lab/run/run.ts';
import { scenario } from '../../scenario/parse.ts';
import { perform } from '../jobs/perform.ts';
import { visitActions } from './visit-truth.ts';

const folder = mkdtempSync(join(tmpdir(), 'aha-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the job of an evening says what lab run and lab aha say of it', async () => {
  const input = {
    seed: 50_400,
    population: { people: 1000, online: 150, arrivalsPerMinute: 60 },
    policy: { scorer: 'oracle' as const },
  };
  const market = scenario(input);
  const job = {
    kind: 'aha' as const,
    scenario: market,
    ticks: 400,
    confounders: ['newcomer'],
    most: 3,
    least: 10,
  };
  const report = await perform(job, nodeContext());
  const [file, visits] = ['scenario.json', 'visits.csv'].map((name) => join(folder, name));
  writeFileSync(file, JSON.stringify(input));
  await run.run([file, '--ticks', '400', '--backend', 'cpu', '--visits', visits], () => undefined);
  const options = `--outcome returns --action ${visitActions.join(',')} --confounder newcomer --unit person --missing skip --most 3 --least 10`;
  const told = await aha.run([visits, ...options.split(' ')], () => undefined);
  expect(told).toMatchObject(report);
  expect(told.points.length).toBeGreaterThan(3);
});
