/** Runs `action` at once, then at most once per `ms`, and once more after the last call. */
export function latest(ms: number, action: () => void): () => void {
  let waiting = false;
  let again = false;
  const run = () => {
    if (waiting) {
      again = true;
      return;
    }
    action();
    waiting = true;
    setTimeout(() => {
      waiting = false;
      if (again) {
        again = false;
        run();
      }
    }, ms);
  };
  return run;
}

/** Runs `action` once, `ms` after the last call. */
export function settled(ms: number, action: () => void): { (): void; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const call = () => {
    clearTimeout(timer);
    timer = setTimeout(action, ms);
  };
  return Object.assign(call, { cancel: () => clearTimeout(timer) });
}
