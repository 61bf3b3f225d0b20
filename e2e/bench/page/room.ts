import { benchPart } from '../part.ts';
import { measureClicks, onPage } from './clicks.ts';

/** A market of few people, and an experiment of more evenings than the measurement lasts. */
const ADDRESS =
  '#population.people=3000&population.online=500&population.arrivalsPerMinute=120&policy.scorer=oracle' +
  '&x.designs=users,clusters,switchback&x.b.scorer=oracle&x.b.bonus=1000&x.online=500&x.ticks=360&x.evenings=1000';

export const roomPart = benchPart(
  'The room "Experiment": from a click to the next paint while evenings run in workers, and a cancelled run',
  ({ quick }) => [{ name: 'evenings', run: async () => [await roomRow(quick ? 10 : 60)] }],
  {
    clicks: (row) => row.clicks,
    'median ms': (row) => row.medianMs,
    'p95 ms': (row) => row.p95Ms,
    'max ms': (row) => row.maxMs,
    'longest task ms': (row) => row.longestTaskMs,
    'of processor': (row) => row.longestTaskCpuMs,
    'tasks over 50 ms': (row) => row.longTasks,
    evenings: (row) => row.evenings,
    'cancel ms': (row) => row.cancelMs,
  },
);

/** Clicks while evenings run; then from the click on "Cancel" to the line that says so. */
function roomRow(clicks: number) {
  return onPage(ADDRESS, async (page, browser) => {
    await page.getByRole('button', { name: /^Run [\d,]+ evenings$/ }).click();
    await page.getByText(/^1 of [\d,]+ are in/).waitFor({ timeout: 120_000 });
    const figures = await measureClicks(page, browser, clicks);
    const cancelMs = await page.evaluate(async () => {
      const buttons = [...document.querySelectorAll<HTMLButtonElement>('.task-buttons button')];
      const from = performance.now();
      buttons.find((button) => button.textContent === 'Cancel')!.click();
      while (!/^Cancelled/.test(document.querySelector('.task-line')?.textContent ?? ''))
        await new Promise(requestAnimationFrame);
      return performance.now() - from;
    });
    const said = (await page.locator('.task-line').textContent()) ?? '';
    const evenings = Number(/after (\d+) of/.exec(said)?.[1]);
    return { ...figures, evenings, cancelMs };
  });
}
