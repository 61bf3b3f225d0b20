import { defineConfig } from '@playwright/test';
import { launchOptions } from './e2e/support/browser.ts';

const port = 5199;

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  // Only a hanging test reaches these limits: how long a test takes depends on the machine.
  timeout: 600_000,
  expect: { timeout: 300_000 },
  workers: 1,
  retries: 0,
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  outputDir: 'test-results/playwright',
  use: {
    baseURL: `http://localhost:${port}`,
    viewport: { width: 1440, height: 900 },
    headless: true,
    // Only e2e/page/offline.spec.ts needs one. To the others it would serve the files of another build.
    serviceWorkers: 'block',
    // The software GPU takes ten times as long to compose a frame. Specs with WebGPU on the page ask for it.
    launchOptions: launchOptions('--disable-gpu-compositing'),
  },
  // Builds and serves the page.
  webServer: {
    command: `npm start -- --port ${port}`,
    port,
    reuseExistingServer: false,
    timeout: 600_000,
  },
});
