import { defineConfig } from '@playwright/test';
import { browserArgs, findBrowser } from './e2e/support/browser.ts';

const port = 5199;

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  // Generous: tests wait for states, and machines may be slow.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  workers: 1,
  retries: 0,
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  outputDir: 'test-results/playwright',
  use: {
    baseURL: `http://localhost:${port}`,
    viewport: { width: 1440, height: 900 },
    headless: true,
    launchOptions: { executablePath: findBrowser(), args: [...browserArgs, '--headless=new'] },
  },
  // The built page, as it would be served; the development server has a test of its own.
  webServer: {
    command: `npx vite preview --port ${port}`,
    port,
    reuseExistingServer: false,
    timeout: 60_000,
  },
});
