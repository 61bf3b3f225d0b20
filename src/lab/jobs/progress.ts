import type { Say } from '../cli/command.ts';

/** Real time between two lines of sayProgress. */
const EVERY_MS = 5000;

/** Says how far a run is, at most every 5 s: "12 of 200 evenings, 34 s, about 9 min left". */
export function sayProgress(say: Say, noun: string): (done: number, of: number) => void {
  const start = performance.now();
  let told = start;
  return (done, of) => {
    const now = performance.now();
    if (done === of || now - told < EVERY_MS) return;
    told = now;
    const spent = (now - start) / 1000;
    say(`${done} of ${of} ${noun}, ${clock(spent)}, about ${clock((spent / done) * (of - done))} left`);
  };
}

function clock(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
