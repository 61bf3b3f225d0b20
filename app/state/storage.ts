/**
 * localStorage that never throws. In private windows, on full disks and with blocked cookies
 * nothing is stored.
 */
const PREFIX = 'halfsecond.';

export function readSetting(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

export function writeSetting(key: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + key, value);
  } catch {
    // Nothing is stored; the page works without it.
  }
}
