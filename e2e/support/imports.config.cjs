/**
 * Which folder of src may import from which: read by dependency-cruiser (`npm run imports`).
 * An entry may always import from itself. The longest entry that fits a file is the file's room.
 */
const mayImport = {
  base: [],
  scenario: ['base'],
  metrics: ['base'],
  content: ['base', 'metrics'],
  world: ['base', 'scenario'],
  'model/layout': ['base', 'scenario', 'world'],
  score: ['base', 'scenario', 'metrics', 'model/layout'],
  gpu: ['base', 'scenario', 'metrics', 'score', 'model/layout'],
  match: ['base', 'scenario', 'metrics', 'score', 'gpu', 'model/layout'],
  'model/serve': ['base', 'scenario', 'world', 'metrics', 'score', 'match', 'model/layout'],
  sim: [
    ...['base', 'scenario', 'world', 'content', 'metrics', 'score', 'match'],
    ...['model/layout', 'model/serve'],
  ],
  'model/train': [
    'base',
    'scenario',
    'world',
    'metrics',
    'score',
    'match',
    'sim',
    'model/layout',
    'model/serve',
  ],
  'model/study': [
    ...['base', 'scenario', 'world', 'metrics', 'score', 'match', 'sim'],
    ...['model/layout', 'model/serve', 'model/train'],
  ],
  experiment: [
    ...['base', 'scenario', 'world', 'metrics', 'score', 'match', 'sim'],
    ...['model/layout', 'model/serve', 'model/train'],
  ],
  import: ['base', 'scenario', 'world', 'metrics', 'score', 'match', 'sim', 'model/layout', 'model/serve'],
  lab: [
    ...['base', 'scenario', 'world', 'content', 'metrics', 'score', 'gpu', 'match', 'sim'],
    ...['experiment', 'import'],
    ...['model/layout', 'model/serve', 'model/train', 'model/study'],
  ],
};
const tests = '[.]test[.]|/testing/|-helper[.]';
const rooms = Object.keys(mayImport);
const pathsOf = (names) => names.map((name) => `^src/${name}/`);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'No import circle, not even of types.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'src-never-knows-the-page',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(app|e2e)/' },
    },
    {
      name: 'no-command-line-in-the-page',
      comment: 'src/lab is for Node.',
      severity: 'error',
      from: { path: '^app/', pathNot: tests },
      to: { path: '^src/lab/' },
    },
    {
      name: 'no-test-code-in-production',
      severity: 'error',
      from: { path: '^(src|app)/', pathNot: tests },
      to: { path: tests },
    },
    ...rooms.map((room) => ({
      name: `src/${room}`,
      comment: `src/${room} may import only from: ${mayImport[room].join(', ') || 'nothing'}.`,
      severity: 'error',
      from: { path: `^src/${room}/`, pathNot: tests },
      to: { path: '^src/', pathNot: pathsOf([room, ...mayImport[room]]) },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.wgsl'] },
  },
};
