import { defineConfig } from '@playwright/test';
import { browserArgs, findBrowser } from './e2e/support/browser.ts';

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
    // Without a GPU, frames take most of a core. Where motion matters, a spec asks for it.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: { executablePath: findBrowser(), args: [...browserArgs, '--headless=new'] },
  },
  // Builds and serves the page.
  webServer: {
    command: `npm start -- --port ${port}`,
    port,
    reuseExistingServer: false,
    timeout: 600_000,
  },
});
