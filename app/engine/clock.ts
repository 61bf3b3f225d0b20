const days = ['Saturday', 'Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'];

/**
 * Simulated time as text, e.g. "Saturday 21:42:07.5". `startHour` in hours, `seconds` since
 * opening.
 */
export function clockText(startHour: number, seconds: number): string {
  const tenths = Math.round((startHour * 3600 + seconds) * 10);
  const day = Math.floor(tenths / 864_000);
  const rest = tenths - day * 864_000;
  const two = (n: number) => String(n).padStart(2, '0');
  const h = Math.floor(rest / 36_000);
  const m = Math.floor(rest / 600) % 60;
  const s = Math.floor(rest / 10) % 60;
  return `${days[day % 7]} ${two(h)}:${two(m)}:${two(s)}.${rest % 10}`;
}
