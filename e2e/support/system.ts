import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findBrowser } from './browser.ts';

const packages = ['chromium', 'libvulkan1'];
const vulkanLoaders = [
  '/usr/lib/x86_64-linux-gnu/libvulkan.so.1',
  '/usr/lib/aarch64-linux-gnu/libvulkan.so.1',
  '/usr/lib64/libvulkan.so.1',
  '/usr/lib/libvulkan.so.1',
];

/**
 * Finds the browser for the page and the Vulkan loader for Dawn in Node, and a Redis for the test
 * of the job queue. Installs them on Debian and Ubuntu if this user may. Without a Redis that test
 * is skipped.
 * @throws Error that says what to install.
 */
export function ensureSystem(): void {
  if (!isComplete()) install(packages);
  if (!hasRedis()) install(['redis-server']);
  if (!hasRedis())
    console.error(
      'The test of the job queue is skipped; it needs a Redis: sudo apt-get install redis-server.',
    );
  if (isComplete()) return;
  throw new Error(
    process.platform === 'linux'
      ? `The tests need a browser and the Vulkan loader: sudo apt-get install ${packages.join(' ')} (or set CHROME_PATH).`
      : 'The tests need Chrome or Chromium: install one, or set CHROME_PATH to its executable.',
  );
}

function install(names: readonly string[]): void {
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) return;
  console.error(`Installing ${names.join(' and ')} ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...names],
  ])
    spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env });
}

function hasRedis(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0;
}

function isComplete(): boolean {
  return findBrowser() !== '' && (process.platform !== 'linux' || vulkanLoaders.some(existsSync));
}
