import { expect, test } from 'vitest';
import { command } from './formula.ts';

test('lists what a formula can be made of', async () => {
  const listed = await command.run([]);
  expect(command.print(listed)).toMatch(/me\.score, you\.score .*\[seconds\]/);
  expect(command.print(listed)).toContain('Newcomers first');
});

test('checks a formula, and says where one is wrong', async () => {
  const found = await command.run(['--check', 'both(me.score) + both(me.wait)']);
  expect(found).toMatchObject({ personTerms: ['wait'] });
  expect(command.print(found)).toContain('Every weight lies between');
  await expect(command.run(['--check', 'both(\nme.scoer)'])).rejects.toThrow(
    'formula:2:1: there is no term scoer; did you mean "score"?',
  );
});
