const days = ['Saturday', 'Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'];

/** Simulated time of day as a person reads it, e.g. "Saturday 21:42:07.5". `startHour`: the scenario's; the market opens on a Saturday. */
export function clockText(startHour: number, seconds: number): string {
  const tenths = Math.round((startHour * 3600 + seconds) * 10);
  const whole = Math.floor(tenths / 10);
  const two = (n: number) => String(n).padStart(2, '0');
  const time = [Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60, whole % 60].map(two).join(':');
  return `${days[Math.floor(whole / 86_400) % 7]} ${time}.${tenths % 10}`;
}
