import { defineGroup } from '../cli/command.ts';

export const command = defineGroup({
  run: {
    summary: 'runs many evenings under A and B and compares every design with the truth',
    load: () => import('./run.ts'),
  },
  aa: {
    summary: 'how often every design claims an effect where both arms have one policy',
    load: () => import('./aa.ts'),
  },
  windows: {
    summary: 'holds a switchback to the truth, over lengths of its windows and of its burn-in',
    load: () => import('./windows.ts'),
  },
  expect: {
    summary: 'what designs report in textbook markets, with the true effect beside it',
    load: () => import('./expect.ts'),
  },
  analyse: {
    summary: "your own experiment's rows: effect, interval, sample ratio, CUPED, slices",
    load: () => import('./analyse.ts'),
  },
  plan: {
    summary: 'power, smallest effect and duration, each from the others',
    load: () => import('./plan.ts'),
  },
});
