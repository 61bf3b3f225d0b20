import importX from 'eslint-plugin-import-x';
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
  lab: ['base', 'scenario', 'world', 'model', 'gpu', 'match', 'metrics', 'sim', 'experiment'],
};
const rooms = Object.keys(mayImport);
const zones = rooms.flatMap((target) =>
  rooms
    .filter((from) => from !== target && !mayImport[target].includes(from))
    .map((from) => ({
      target: `./src/${target}`,
      from: `./src/${from}`,
      message: `src/${target} may import only from: ${mayImport[target].join(', ') || 'nothing'}.`,
    })),
);

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
    plugins: { 'import-x': importX, 'react-hooks': reactHooks },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: [
            { target: './src', from: './app', message: 'src never knows app.' },
            { target: './app', from: './src/lab', message: 'the headless commands are for Node.' },
            ...zones,
          ],
        },
      ],
      eqeqeq: 'error',
    },
  },
  { files: ['**/*.js', '**/*.mjs'], extends: [tseslint.configs.disableTypeChecked] },
);
