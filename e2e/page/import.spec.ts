import { expect, test, type Page } from '@playwright/test';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { readCsv } from '../../src/base/text/csv.ts';
import { syntheticFiles } from '../../src/import/testing/synthetic.ts';
import { axeViolations, complaintsOf, currentTick, waitForTick } from '../support/lab-page.ts';

const files = syntheticFiles({
  people: 160,
  each: 30,
  outcome: 'decision',
  talk: 0.6,
  charm: 0.5,
  taste: 0.5,
});
const csv = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const both = [csv('meetings.csv', files.meetings), csv('people.csv', files.people)];

/** The same table as a Parquet file. */
function parquet(name: string, text: string) {
  const { header, rows } = readCsv(new TextEncoder().encode(text), name);
  const columnData = header.map((column, c) => ({ name: column, data: rows.map((row) => row.cells[c]) }));
  const buffer = Buffer.from(parquetWriteBuffer({ columnData }));
  return { name, mimeType: 'application/vnd.apache.parquet', buffer };
}

/** A market of few people, so that the machine is free for what is tested. */
const FEW = '#population.people=2000&population.online=200&population.arrivalsPerMinute=60';

async function openPage(page: Page): Promise<void> {
  await page.addInitScript(() => localStorage.setItem('halfsecond.tour', 'seen'));
  await page.goto(`/?backend=cpu${FEW}`);
  await waitForTick(page, 2, 60_000);
}

const input = (page: Page) => page.locator('input[type=file]');
const hash = (page: Page) => page.evaluate(() => location.hash);

test('two files, and vectors of them, become the people of the market, by keyboard; undo brings the others back', async ({
  page,
  baseURL,
}) => {
  const complaints = complaintsOf(page, baseURL ?? '');
  await openPage(page);
  await page.keyboard.press('d');
  await expect(page.getByRole('dialog', { name: 'Your data' })).toContainText('never leave it');
  // One CSV and one Parquet file: the reader tells them by their first bytes.
  await input(page).setInputFiles([parquet('meetings.parquet', files.meetings), both[1]]);
  await expect(page.getByLabel('Partner says yes', { exact: true })).toHaveValue('partner_decision', {
    timeout: 30_000,
  });
  await expect(page.getByLabel('Side', { exact: true })).toHaveValue('gender');
  await expect(page.getByLabel('Slice by', { exact: true })).toHaveValue('city');
  await input(page).setInputFiles(csv('own.csv', files.vectors));
  await page.getByRole('button', { name: 'Read and fit' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^160 people and [\d,]+ meetings are ready\.$/)).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByRole('dialog')).toContainText('weights fitted on synthetic people');
  await expect(page.getByRole('dialog')).toContainText('320 of 2 numbers, two for each person');
  expect(await axeViolations(page, '[role=dialog]')).toEqual([]);
  await page.getByRole('button', { name: 'Use these people' }).click();
  await expect.poll(() => hash(page), { timeout: 20_000 }).toContain('cast=people-');
  expect(await hash(page)).toContain('policy.scorer=vectors');
  await page.waitForFunction(() => document.querySelector('.legend')?.textContent.includes('Ankara'));
  await waitForTick(page, 5, 60_000);
  await expect(page.locator('.own-people')).toContainText('160 people of people.csv');
  await expect(page.locator('#instruments')).not.toContainText('Japan');
  await expect(page.getByRole('button', { name: 'Your vectors' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect.poll(() => hash(page), { timeout: 20_000 }).not.toContain('cast=');
  await page.waitForFunction(() => document.querySelector('.legend')?.textContent.includes('Japan'));
  expect(complaints).toEqual([]);
});

test('what cannot be read is said in one sentence, and the market goes on untouched', async ({
  page,
  baseURL,
}) => {
  const complaints = complaintsOf(page, baseURL ?? '');
  await openPage(page);
  const before = await hash(page);
  // Dropped on the page, as from a folder.
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['id,gender\n'], 'alone.csv', { type: 'text/csv' }));
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await expect(page.getByRole('dialog', { name: 'Your data' })).toContainText('One more file is needed');
  const bad: [string, Buffer, RegExp][] = [
    ['empty.csv', Buffer.alloc(0), /empty\.csv:1:1: the file is empty/],
    ['picture.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1, 10]), /picture\.png:1:1: /],
    [
      'cut.parquet',
      parquet('', files.meetings).buffer.subarray(0, 3000),
      /cut\.parquet: .* does not end as one after 3,000 bytes: it was cut off/,
    ],
    ['latin.csv', Buffer.from('id,name\n1,J\xfcrgen\n', 'latin1'), /latin\.csv:2:4: .*UTF-8/],
  ];
  for (const [name, buffer, message] of bad) {
    const tick = await currentTick(page);
    await input(page).setInputFiles([
      csv('people.csv', files.people),
      { name, mimeType: 'text/csv', buffer },
    ]);
    await expect(page.getByRole('dialog').getByRole('alert')).toContainText(message, { timeout: 30_000 });
    await waitForTick(page, tick + 2, 30_000);
  }
  await input(page).setInputFiles([
    csv('people.csv', files.people),
    csv('strangers.csv', files.meetings.replaceAll(/u(\d)/g, 'x$1')),
  ]);
  await page.getByRole('button', { name: 'Read and fit' }).click({ timeout: 30_000 });
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText(
    /strangers\.csv: 0 meetings of 2400 rows could be used/,
    { timeout: 30_000 },
  );
  await page.getByRole('button', { name: 'Close' }).click();
  expect(await hash(page)).toBe(before);
  expect(complaints).toEqual([]);
});

test('a large file shows its progress and can be cancelled at any moment', async ({ page, baseURL }) => {
  const complaints = complaintsOf(page, baseURL ?? '');
  await openPage(page);
  await page.keyboard.press('d');
  // Made inside the page: 35 MB of meetings.
  await page.evaluate((people) => {
    const block = Array.from(
      { length: 50_000 },
      (_, k) => `u${k % 80},u${80 + ((7 * k) % 80)},${k % 2},${(k >> 3) % 2},${k}\n`,
    ).join('');
    const big = new File(
      ['person,partner,decision,partner_decision,time\n', ...Array<string>(40).fill(block)],
      'big.csv',
    );
    const data = new DataTransfer();
    data.items.add(new File([people], 'people.csv'));
    data.items.add(big);
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, files.people);
  await page.getByRole('button', { name: 'Read and fit' }).click({ timeout: 30_000 });
  // From inside the page, as soon as progress is shown: no machine is too fast for it.
  await page.evaluate(
    () =>
      new Promise<void>((done) => {
        const look = () => {
          const dialog = document.querySelector('[role=dialog]');
          const reading = /2 of 4: Reading the meetings, \d/.test(dialog?.textContent ?? '');
          const cancel = [...(dialog?.querySelectorAll('button') ?? [])].find(
            (b) => b.textContent === 'Cancel',
          );
          if (!reading || cancel === undefined) return;
          observer.disconnect();
          cancel.click();
          done();
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
        look();
      }),
  );
  await expect(page.getByText('Cancelled. Nothing was changed.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Read and fit' })).toBeVisible();
  await waitForTick(page, (await currentTick(page)) + 2, 30_000);
  expect(complaints).toEqual([]);
});

test('the dialog on a phone, light and dark: nothing axe objects to, nothing wider than the screen', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
  await openPage(page);
  await page.keyboard.press('p');
  await page.getByRole('button', { name: /your own people/i }).click();
  await input(page).setInputFiles(both);
  await expect(page.getByRole('button', { name: 'Read and fit' })).toBeVisible({ timeout: 30_000 });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const colours = colorScheme === 'dark';
    expect(await axeViolations(page, '[role=dialog]', { colours })).toEqual([]);
    const wide = await page.evaluate(() => {
      const scroll = document.querySelector('.dialog-scroll');
      return Math.max(
        document.documentElement.scrollWidth - window.innerWidth,
        scroll === null ? 1 : scroll.scrollWidth - scroll.clientWidth,
      );
    });
    // Fractions of a pixel are rounded up.
    expect(wide).toBeLessThanOrEqual(1);
  }
});
