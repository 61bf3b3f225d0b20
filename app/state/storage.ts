/**
 * localStorage that never throws: private windows, full disks and blocked cookies only mean that
 * nothing is remembered.
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
    // Nothing is remembered; the page works all the same.
  }
}
