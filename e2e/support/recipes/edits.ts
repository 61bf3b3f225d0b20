/** A change of an existing file that a recipe of CONTRIBUTING.md asks for. */
export interface Edit {
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/** The files that the recipes write: each code block that follows a path. */
export function newFiles(guide: string): { path: string; text: string }[] {
  const blocks = guide.matchAll(
    / ([\w./-]+\.(?:ts|wgsl))[.:](?:(?!```).)*?\n\n {3}```(?:ts|wgsl)\n(.*?)\n {3}```/gs,
  );
  return [...blocks]
    .map(([, path, text]) => ({ path, text: `${text.replaceAll(/^ {3}/gm, '')}\n` }))
    .filter(({ path }) => path.includes('/'));
}

/** The changes of existing files. Where the guide spells a text out, it is taken from there. */
export function edits(guide: string): Edit[] {
  const said = (text: string): string => {
    if (!guide.includes(text)) throw new Error(`CONTRIBUTING.md does not say: ${text}`);
    return text;
  };
  const before = (path: string, anchor: string, text: string): Edit => ({
    path,
    from: anchor,
    to: text + anchor,
  });
  const after = (path: string, anchor: string, text: string): Edit => ({
    path,
    from: anchor,
    to: anchor + text,
  });
  const knob =
    /```ts\n {3}(minBreakSeconds: .*?)\n {3}```/s.exec(guide)?.[1].replaceAll(/\n {3}/g, '\n  ') ?? '';
  const session = 'src/sim/evening/session-behaviour.ts';
  return [
    before('src/scenario/behaviour.ts', 'comeBackMinutes: ', `${knob}\n  `),
    {
      path: session,
      from: '{ comeBack, comeBackMinutes }',
      to: '{ comeBack, comeBackMinutes, minBreakSeconds }',
    },
    {
      path: session,
      from: '60 * comeBackMinutes * exp(BREAK_SPREAD * z)',
      to: 'Math.max(minBreakSeconds, 60 * comeBackMinutes * exp(BREAK_SPREAD * z))',
    },
    before(
      'src/sim/knobs.test.ts',
      "'behaviour.comeBackMinutes': {",
      `${said("'behaviour.minBreakSeconds': { low: 60, high: 0, rises: (s) => s.arrivals },")}\n  `,
    ),
    after('app/charts/views.ts', "\n  | 'quality-exposure'", `\n  | ${said("'quality-matched'")}`),
    after(
      'app/charts/views.ts',
      "{ id: 'quality-exposure', tab: 'who', tables: ['exposure'] },",
      `\n      ${said("{ id: 'quality-matched', tab: 'matched', tables: ['quality-series'] },")}`,
    ),
    before(
      'app/charts/worker/painters.ts',
      'import { qualitySeries }',
      "import { qualityMatched } from '../marks/quality/matched.ts';\n",
    ),
    after(
      'app/charts/worker/painters.ts',
      "'quality-exposure': qualityExposure,",
      `\n  ${said("'quality-matched': qualityMatched,")}`,
    ),
    before(
      'src/gpu/shaders.ts',
      'import formula from',
      `${said("import degrees from '../../shaders/score/degrees.wgsl?raw';")}\n`,
    ),
    before(
      'src/gpu/shaders.ts',
      "'score/formula.wgsl': formula,",
      `${said("'score/degrees.wgsl': degrees,")}\n  `,
    ),
    before('src/gpu/shaders.ts', 'scoreTopk: load(', `${said("degrees: load('score/degrees.wgsl'),")}\n  `),
    // A caller that shows nothing but that the pass and its reference can be called.
    before(
      'src/match/gpu-backend.ts',
      'import { DualPass }',
      "import { DegreesPass } from '../gpu/passes/score/degrees.ts';\n",
    ),
    after(
      'src/match/gpu-backend.ts',
      'openDevice(options.gpu, options);\n',
      '    await DegreesPass.create(gpu);\n',
    ),
    before(
      'src/match/cpu-backend.ts',
      'import { checkPool }',
      "import { degrees } from '../score/candidates/degrees.ts';\n",
    ),
    before(
      'src/match/cpu-backend.ts',
      'const t1 = performance.now();',
      "must(degrees(new Uint32Array(1), 1)[0] === 1, 'the count of candidates is wrong');\n  ",
    ),
    before(
      'src/lab/main.ts',
      'match: {\n',
      `${said("presets: { summary: 'lists the presets', load: () => import('./presets.ts') },")}\n  `,
    ),
  ];
}
