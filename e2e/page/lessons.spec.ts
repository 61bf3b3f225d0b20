import { expect, test, type Page } from '@playwright/test';
import { axeViolations, complaintsOf } from '../support/lab-page.ts';

/** What a person does in a step, by keyboard. */
type Move =
  /** The place of the option that is predicted; in an order, the order as it is. */
  | { readonly predict: number | 'as it is' }
  /** Names of buttons to press, and keys for the sliders of knobs: "Label: Key x times". */
  | { readonly act: readonly string[] }
  | { readonly wrong: number | 'as it is'; readonly right: number | readonly string[] }
  | 'explain';

const lessons: readonly (readonly Move[])[] = [
  [
    { predict: 2 },
    { act: ['Run one minute'] },
    { act: ['Set the tick to 4 s', 'Run one minute'] },
    { wrong: 0, right: 1 },
    'explain',
  ],
  [
    { predict: 0 },
    { act: ['Solve this tick exactly', 'Solve this tick exactly', 'Solve this tick exactly'] },
    { wrong: 2, right: 1 },
    { act: ['Use the auction', 'Run ten seconds'] },
    { wrong: 0, right: 2 },
    'explain',
  ],
  [
    { predict: 1 },
    { act: ['Run 10 ticks'] },
    { wrong: 1, right: 0 },
    { act: ['Use a gender filter: Home x 1', 'Run 25 ticks'] },
    { wrong: 0, right: 2 },
    'explain',
  ],
  [
    { predict: 0 },
    { act: ['Run three minutes'] },
    { wrong: 0, right: 1 },
    { wrong: 2, right: 0 },
    { wrong: 1, right: 3 },
    { wrong: 2, right: 1 },
    { act: ['Quality threshold: Home x 1', 'Run 20 seconds'] },
    'explain',
  ],
  [
    { predict: 0 },
    { act: ['Run until it is clear'] },
    { wrong: 1, right: 0 },
    { act: ['Threshold of A: Home x 1', 'Start the evening again', 'Run until it is clear'] },
    { wrong: 0, right: 1 },
    'explain',
  ],
  [
    { predict: 0 },
    { act: ['Run 6 evenings'] },
    { wrong: 0, right: 2 },
    { wrong: 0, right: 1 },
    { wrong: 0, right: 1 },
    'explain',
  ],
  [
    { predict: 'as it is' },
    { act: ['Play all five'] },
    {
      wrong: 'as it is',
      right: ['Oracle: later', 'Oracle: later', 'Oracle: later', 'Oracle: later', 'Towers: later'],
    },
    { wrong: 0, right: 9 },
    'explain',
  ],
  [
    { predict: 1 },
    { act: ['Run 1,000 ticks'] },
    { act: ['Size: ArrowRight x 15', 'Run 1,000 ticks'] },
    { wrong: 0, right: 2 },
    { act: ['Let everyone in', 'Run 400 ticks'] },
    { wrong: 0, right: 1 },
    'explain',
  ],
];

/** Moves the focus with Tab to the control of that name inside the card. */
async function tabTo(page: Page, name: string, kind = 'button'): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    const found = await page.evaluate(
      ([wanted, tag]) => {
        const now = document.activeElement;
        if (!(now instanceof HTMLElement) || now.closest('.lesson') === null || !now.matches(tag))
          return false;
        const label = now.getAttribute('aria-label') ?? now.closest('.knob')?.textContent ?? now.textContent;
        return tag === 'button' ? label.trim() === wanted : label.includes(wanted);
      },
      [name, kind] as const,
    );
    if (found) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach "${name}".`);
}

async function press(page: Page, name: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

/** Chooses an option with the arrow keys, and presses the button below. */
async function choose(page: Page, option: number | 'as it is', button: string): Promise<void> {
  if (option !== 'as it is') {
    await tabTo(page, '', 'input[type="radio"]');
    const radios = page.locator('.lesson input[type="radio"]');
    const [at, count] = await radios.evaluateAll((all) => [
      all.findIndex((radio) => radio === document.activeElement),
      all.length,
    ]);
    // Space chooses the first; arrows go round.
    await page.keyboard.press('Space');
    for (let k = 0; k < (option - at + count) % count; k++) await page.keyboard.press('ArrowDown');
    await expect(radios.nth(option)).toBeChecked();
  }
  await press(page, button);
}

const step = (page: Page) => page.locator('.lesson-step');
const next = (page: Page) => page.locator('.lesson-next');

/** Does what a step asks for, wrong first where it can be wrong. */
async function play(page: Page, move: Move): Promise<void> {
  // Every figure in the text is there.
  await expect(step(page)).not.toContainText(/NaN|undefined|Infinity/);
  if (move === 'explain') return;
  // What is not done cannot be left.
  await expect(next(page)).toHaveAttribute('aria-disabled', 'true');
  if ('predict' in move) await choose(page, move.predict, 'This is my prediction');
  else if ('act' in move) await act(page, move.act);
  else {
    await choose(page, move.wrong, 'Check');
    await expect(page.locator('.lesson-reply[data-right="false"]')).toContainText(/^No\. ./);
    await expect(next(page)).toHaveAttribute('aria-disabled', 'true');
    if (typeof move.right === 'number') await choose(page, move.right, 'Check');
    else {
      for (const name of move.right) await press(page, name);
      await press(page, 'Check');
    }
    await expect(page.locator('.lesson-reply[data-right="true"]')).toContainText(/^Yes\. ./);
    await expect(step(page)).not.toContainText(/NaN|undefined|Infinity/);
  }
  await expect(next(page)).not.toHaveAttribute('aria-disabled', 'true');
}

async function act(page: Page, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const [, knob, key, times] = /^(.+): (\w+) x (\d+)$/.exec(name) ?? [];
    if (knob === undefined) {
      await press(page, name);
      await expect(page.locator('.lesson [data-busy]')).toHaveCount(0);
    } else {
      await tabTo(page, knob, 'input[type="range"]');
      for (let k = 0; k < Number(times); k++) await page.keyboard.press(key);
    }
  }
  await expect(page.locator('.lesson-goal[data-met]')).toBeVisible();
}

lessons.forEach((moves, k) =>
  test(`lesson ${k + 1} from a cold link: by keyboard, wrong first, then to its end`, async ({
    page,
    baseURL,
  }) => {
    const complaints = complaintsOf(page, baseURL ?? '');
    // Every other lesson on a phone.
    if (k % 2 === 1) await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: k % 4 < 2 ? 'dark' : 'light' });
    await page.goto(`/?backend=cpu&lesson=${k + 1}`);
    for (const [place, move] of moves.entries()) {
      await expect(page.locator('.lesson-steps')).toHaveAttribute(
        'aria-label',
        `Step ${place + 1} of ${moves.length}`,
      );
      await play(page, move);
      if (place === 2) expect(await axeViolations(page, '.lesson')).toEqual([]);
      if (move !== 'explain') await press(page, 'Next');
    }
    await expect(step(page)).toHaveAttribute('data-kind', 'explain');
    await press(page, 'Finish');
    await expect(page.locator('.lesson-done')).toHaveText(`Lesson ${k + 1} is done.`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
  }),
);

test('progress survives a reload, and the list of lessons shows it', async ({ page }) => {
  await page.goto('/?backend=cpu&lesson=1');
  await choose(page, 0, 'This is my prediction');
  await press(page, 'Next');
  await page.reload();
  await expect(page.locator('.lesson-title')).toHaveText('Measure the half second');
  await press(page, 'All lessons');
  const row = (name: string) => page.getByRole('dialog').getByRole('button', { name });
  await expect(row('The half second')).toContainText('Step 2 of 5');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const colours = colorScheme === 'dark';
    expect(await axeViolations(page, '[role=dialog]', { colours })).toEqual([]);
  }
  await row('The tail').press('Enter');
  await expect(page.locator('.lesson-name')).toContainText('Lesson 8 of 8');
  expect(new URL(page.url()).searchParams.get('lesson')).toBe('8');
  await press(page, 'Leave the lesson');
  await expect(page.locator('.lesson')).toHaveCount(0);
  expect(new URL(page.url()).searchParams.has('lesson')).toBe(false);
});

test('without storage a lesson works, and the list says that nothing is kept', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'localStorage', {
      get: () => {
        throw new DOMException('blocked', 'SecurityError');
      },
    });
  });
  await page.goto('/?backend=cpu&lesson=1');
  await choose(page, 0, 'This is my prediction');
  await press(page, 'Next');
  await expect(page.locator('.lesson-title')).toHaveText('Measure the half second');
  await press(page, 'All lessons');
  await expect(page.getByRole('dialog')).toContainText('This browser does not keep your progress.');
});
