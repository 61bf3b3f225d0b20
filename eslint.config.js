import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** The direction of imports inside src: a room may import only from the rooms named here (and itself). */
const mayImport = {
  base: [],
  scenario: ['base'],
  metrics: ['base'],
  world: ['base', 'scenario'],
  match: ['base', 'metrics'],
  gpu: ['base', 'match', 'model', 'metrics'],
  model: ['base', 'scenario', 'world', 'match', 'metrics'],
  sim: ['base', 'scenario', 'world', 'model', 'gpu', 'match', 'metrics'],
  experiment: ['base', 'scenario', 'world', 'model', 'gpu', 'match', 'metrics', 'sim'],
  import: ['base', 'scenario', 'world', 'model', 'match', 'metrics', 'sim'],
  lab: ['base', 'scenario', 'world', 'model', 'gpu', 'match', 'metrics', 'sim', 'experiment', 'import'],
};
const rooms = Object.keys(mayImport);
/** What is in a room, from anywhere inside another one, at any depth. */
const inRoom = (room) => ({ regex: `^(\\.\\./)+(src/)?${room}/` });
const directions = rooms.map((room) => ({
  files: [`src/${room}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...rooms
            .filter((from) => from !== room && !mayImport[room].includes(from))
            .map((from) => ({
              ...inRoom(from),
              message: `src/${room} may import only from: ${mayImport[room].join(', ') || 'nothing'}.`,
            })),
          { regex: '^(\\.\\./)+(app|e2e)/', message: 'src never knows the page.' },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'public', 'e2e/peers', 'test-results'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { 'react-hooks': reactHooks },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      eqeqeq: 'error',
    },
  },
  ...directions,
  {
    files: ['app/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: 'src/lab/', message: 'the headless commands are for Node.' }] },
      ],
    },
  },
  { files: ['**/*.js', '**/*.mjs'], extends: [tseslint.configs.disableTypeChecked] },
);
