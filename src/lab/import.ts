import { basename, join } from 'node:path';
import { LARGEST_SEED } from '../base/seeds.ts';
import { datasetCsv } from '../import/world/dataset.ts';
import {
  importData,
  inspect,
  type Imported,
  type ImportStage,
  type VectorFigures,
} from '../import/import-data.ts';
import { applySettings } from '../import/read/mapping.ts';
import { reportLines } from '../import/read/report.ts';
import { writeWorld } from '../import/world/world-file.ts';
import { defineCommand, type Say } from './cli/command.ts';
import { openSource, prepareFolder, writeOutput } from './cli/files.ts';
import { integer, text } from './cli/options.ts';

interface ImportResult extends Omit<Imported, 'world' | 'people' | 'meetings'> {
  readonly people: number;
  readonly meetings: number;
  readonly groups: readonly string[];
  readonly sides: readonly string[];
  readonly cast: string;
  readonly scenario: unknown;
  readonly files: readonly string[];
}

export const command = defineCommand({
  arguments: ['PEOPLE.csv', 'MEETINGS.csv'],
  about: `People have an id each and attributes; meetings have two ids and outcomes. The order of the files
does not matter. The separator, the decimal sign and the part of every column are guessed; rows that
cannot be used are counted and left out. Then a world is fitted: tastes, popularity, strictness.
Nothing leaves this machine.

A log of exposures (time, person, item, place, propensity, outcome) is no world: "lab evaluate exposures"
reads it.`,
  options: {
    map: text(
      'PART=COLUMN,...',
      'what a column is, if the guess is wrong; a part may be "none". Of people: id, side (two values), acrossOnly (yes, no), group, age, attributes (a+b+c). Of meetings: person, partner, decision, partnerDecision, match, duration, durationUnit (s, ms, min), leftBy (id of the one who left first), report, time',
    ),
    out: text(
      'DIR',
      'folder for world.json (for "lab run DIR/world.json") and meetings.csv (for "lab slices")',
    ),
    vectors: text(
      'FILE',
      'vectors of your own, CSV or Parquet, for the scorer "vectors": the id of a person, 1 to 128 numbers, and where a person has two a column "role" (is, seeks)',
    ),
    seed: integer('S', 'seed of the world', { min: 0, max: LARGEST_SEED, fallback: 7 }),
  },
  async run({
    arguments: [one, two],
    options: { map = '', out, seed, vectors },
    say,
  }): Promise<ImportResult> {
    if (out !== undefined) prepareFolder(out);
    const [first, second] = [await openSource(one), await openSource(two)];
    const guess = await inspect(first, second);
    const mapping = applySettings(guess.mapping, map);
    const sources =
      guess.people.file === first.name
        ? { people: first, meetings: second }
        : { people: second, meetings: first };
    const own = vectors === undefined ? {} : { vectors: await openSource(vectors) };
    const imported = await importData({ ...sources, ...own }, guess, mapping, {
      ...{ seed, progress: progressTo(say) },
    });
    const { cast, scenario } = imported.world;
    return {
      reports: imported.reports,
      mapping,
      figures: imported.figures,
      ...(imported.vectors && { vectors: imported.vectors }),
      assumptions: imported.assumptions,
      people: imported.people.count,
      meetings: imported.meetings.count,
      groups: cast.groupNames,
      sides: cast.sideNames,
      cast: cast.key,
      scenario,
      files: out === undefined ? [] : await write(out, imported),
    };
  },
  print: printImport,
});

/** Reports progress every two seconds. */
function progressTo(say: Say): (stage: ImportStage, share: number) => void {
  const names: Readonly<Record<ImportStage, string>> = {
    people: 'reading people',
    meetings: 'reading meetings',
    vectors: 'reading vectors',
    scorer: 'fitting the scorer',
    truth: 'fitting the world',
  };
  let last = performance.now();
  return (stage, share) => {
    if (performance.now() - last < 2000) return;
    last = performance.now();
    say(`${names[stage]}: ${Math.round(100 * share)} %`);
  };
}

async function write(folder: string, { world, meetings }: Imported): Promise<string[]> {
  const files = [join(folder, 'world.json'), join(folder, 'meetings.csv')];
  await writeOutput(files[0], writeWorld(world));
  await writeOutput(files[1], datasetCsv(world.cast, meetings));
  return files;
}

function heldOutText(f: Pick<VectorFigures, 'decisionAuroc' | 'matchAuroc' | 'durationCorrelation'>): string {
  const figure = (name: string, value: number) =>
    Number.isNaN(value) ? [] : [`${name} ${value.toFixed(3)}`];
  return [
    ...figure('AUROC of a yes', f.decisionAuroc),
    ...figure('of a match', f.matchAuroc),
    ...figure('correlation of ln seconds', f.durationCorrelation),
  ].join(', ');
}

function vectorsLine(v: VectorFigures): string {
  const each = v.each === 1 ? 'one for each person' : 'two for each person (is, seeks)';
  const slope = `${v.slope.toFixed(3)} ln s per standard deviation of the product`;
  const source = v.assumed ? 'assumed, too few meetings' : `from ${v.meetings} meetings`;
  return `vectors    ${v.rows} of ${v.dim} numbers, ${each}; ${slope} (${source}); held out: ${heldOutText(v)}`;
}

function printImport(r: ImportResult): string {
  const { figures: f, mapping } = r;
  const chosen = Object.entries(mapping).flatMap(([part, column]) =>
    typeof column === 'string' && !['durationUnit'].includes(part) ? [`${part}=${column}`] : [],
  );
  return [
    ...reportLines(r.reports.people),
    ...reportLines(r.reports.meetings),
    '',
    `columns    ${chosen.join(', ')}`,
    `world      ${r.people} people, ${r.meetings} meetings, outcome: ${f.kind}; groups: ${r.groups.join(', ')}; sides: ${r.sides.join(', ')}`,
    `fit        median stay ${f.median.toFixed(1)} s; standard deviations in ln s: strictness ${f.talk.toFixed(2)}, popularity ${f.charm.toFixed(2)}, taste ${f.taste.toFixed(2)}, chance ${f.tail.toFixed(2)}`,
    ...(Number.isNaN(f.longTold)
      ? []
      : [
          `check      long chats or matches: ${(100 * f.longTold).toFixed(1)} % observed, ${(100 * f.longExpected).toFixed(1)} % expected for the same pairs`,
        ]),
    `held out   ${f.heldOut} meetings (${f.split === 'later' ? 'the later half' : 'a random half'}): ${heldOutText(f)}`,
    ...(r.vectors === undefined ? [] : [vectorsLine(r.vectors)]),
    ...(f.alike.length === 0
      ? []
      : [
          `alike      ${f.alike
            .slice(0, 5)
            .map((a) => `${a.what} ${a.weight > 0 ? '+' : ''}${a.weight.toFixed(3)}`)
            .join(', ')} (ln s)`,
        ]),
    ...r.assumptions.map((text) => `assumed    ${text}`),
    ...r.files.map((file) => `written    ${file}`),
    ...(r.files.length > 0
      ? [
          `next       lab run ${r.files[0]}${r.vectors === undefined ? '' : ' --set policy.scorer=vectors'}; lab slices ${basename(r.files[1])} --treatment same_group --outcome match --by person_side --missing skip`,
        ]
      : []),
  ].join('\n');
}
