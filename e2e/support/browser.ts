import { existsSync } from 'node:fs';
import type { Browser } from 'playwright';

const candidates = [
  process.env['CHROME_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Path of an installed Chrome or Chromium, or '' if there is none. */
export function findBrowser(): string {
  return candidates.find((path): path is string => path !== undefined && existsSync(path)) ?? '';
}

/**
 * Flags with which a headless Chromium has WebGPU and presents its canvases on any machine: the
 * software adapter SwiftShader through Vulkan. The last ones keep the browser off the network.
 */
export const browserArgs = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--use-angle=swiftshader',
  '--ignore-gpu-blocklist',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How a headless browser is started. `more`: further flags. */
export const launchOptions = (...more: string[]) => ({
  executablePath: findBrowser(),
  args: [...browserArgs, '--headless=new', ...more],
});

/** Starts a headless browser. `more`: further flags. */
export async function launchBrowser(...more: string[]): Promise<Browser> {
  // Imported late, because a machine with the GPU kit has no playwright.
  const { chromium } = await import('playwright');
  return chromium.launch(launchOptions(...more));
}
