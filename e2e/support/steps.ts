/** One command of `npm test`. */
export interface TestStep {
  readonly name: string;
  readonly command: readonly string[];
  /** Name of a step that must pass first. */
  readonly after?: string;
  /** Reads the counts in a runner's JSON report. A step without one counts as a single check. */
  readonly report?: {
    readonly file: string;
    readonly read: (json: never) => Counts;
  };
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
}
interface PlaywrightReport {
  readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number };
}

const vitest = (project: string): TestStep => ({
  name: `vitest ${project}`,
  command: [
    ...['vitest', 'run', '--project', project, '--reporter=default', '--reporter=json'],
    `--outputFile.json=test-results/vitest-${project}.json`,
  ],
  report: {
    file: `test-results/vitest-${project}.json`,
    read: ({ numPassedTests, numFailedTests, numFailedTestSuites }: VitestReport) => ({
      passed: numPassedTests,
      failed: Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0),
    }),
  },
});

/**
 * Two of them run at a time: after the types the longest first, so that both lanes end together.
 * The tests beside the page use the time in which it waits for ticks.
 */
export const steps: readonly TestStep[] = [
  { name: 'types', command: ['tsc', '--noEmit'] },
  {
    // Builds the page first.
    name: 'page',
    command: ['playwright', 'test'],
    report: {
      file: 'test-results/playwright.json',
      read: ({ stats }: PlaywrightReport) => ({
        passed: stats.expected,
        failed: stats.unexpected + stats.flaky,
      }),
    },
  },
  vitest('node'),
  vitest('browser'),
  { name: 'recipes of CONTRIBUTING.md', command: ['npm', 'run', '-s', 'recipes'] },
  { name: 'lint', command: ['oxlint'] },
  { name: 'format', command: ['oxfmt', '--check'] },
  { name: 'unused code', command: ['knip', '--no-progress', '--no-config-hints'] },
  { name: 'code that only tests use', command: ['npm', 'run', '-s', 'unused'] },
  { name: 'imports', command: ['npm', 'run', '-s', 'imports'] },
  { name: 'house rules', command: ['npm', 'run', '-s', 'house'] },
  { name: 'size', after: 'page', command: ['size-limit'] },
];
