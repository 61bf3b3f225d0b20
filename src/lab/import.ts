import { createReadStream, createWriteStream, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { LabError } from '../base/errors.ts';
import { datasetCsv } from '../import/world/dataset.ts';
import { importData, inspect, type Imported, type Stage } from '../import/import-data.ts';
import { applySettings } from '../import/read/mapping.ts';
import { reportLines } from '../import/read/report.ts';
import type { ByteSource } from '../base/text/source.ts';
import { writeWorld } from '../import/world/world-file.ts';
import type { Command } from './command.ts';

const usage = `lab import PEOPLE.csv MEETINGS.csv [--map PART=COLUMN,...] [--out DIR] [--seed S] [--json]

Brings own data: people (an id each, attributes) and meetings (two ids, outcomes). The order of the files does not matter. Separator, decimal
sign and the part of every column are guessed; what is wrong is counted and left out. Then a world is fitted: tastes, popularity, strictness.
  --map   what a column is, where the guess is wrong; a part may be "none". Of people: id, side (two values), acrossOnly (yes, no), group,
          age, attributes (a+b+c). Of meetings: person, partner, decision, partnerDecision, match, duration, durationUnit (s, ms, min),
          leftBy (id of who left first), report, time
  --out   folder for world.json (lab run DIR/world.json lives through it) and meetings.csv (for lab slices)
  --seed  of the world; default 7
Nothing leaves this machine.`;

interface ImportResult extends Omit<Imported, 'world' | 'people' | 'meetings'> {
  readonly people: number;
  readonly meetings: number;
  readonly groups: readonly string[];
  readonly sides: readonly string[];
  readonly cast: string;
  readonly scenario: unknown;
  readonly files: readonly string[];
}

export const command: Command = {
  name: 'import',
  summary: 'reads people and meetings from two CSV files and fits a world to them',
  usage,
  async run(args) {
    return { ...(await run(args)) };
  },
  print: (result) => printImport(result as unknown as ImportResult),
};

async function run(args: readonly string[]): Promise<ImportResult> {
  const option = { type: 'string' } as const;
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { map: option, out: option, seed: option },
    });
  } catch (error) {
    throw new LabError(`${(error as Error).message.split('\n')[0]} (see lab import --help)`);
  }
  const { values, positionals } = parsed;
  if (positionals.length !== 2)
    throw new LabError(
      `two files were expected, PEOPLE.csv and MEETINGS.csv; there ${positionals.length === 1 ? 'is 1' : `are ${positionals.length}`} (see lab import --help)`,
    );
  const seed = Number(values.seed ?? 7);
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff)
    throw new LabError(`must be a whole number from 0 to 4294967295; it is "${values.seed}"`, '--seed');
  const [one, other] = positionals.map(fileSource);
  const look = await inspect(one, other);
  const mapping = applySettings(look.mapping, values.map ?? '');
  const sources =
    look.people.file === one.name ? { people: one, meetings: other } : { people: other, meetings: one };
  const imported = await importData(sources, look, mapping, { seed, progress: teller() });
  const { cast, scenario } = imported.world;
  return {
    reports: imported.reports,
    mapping,
    figures: imported.figures,
    assumptions: imported.assumptions,
    people: imported.people.count,
    meetings: imported.meetings.count,
    groups: cast.groupNames,
    sides: cast.sideNames,
    cast: cast.key,
    scenario,
    files: values.out === undefined ? [] : await write(values.out, imported),
  };
}

function fileSource(path: string): ByteSource {
  let size: number;
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw new LabError('this is not a file', path);
    size = stat.size;
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw new LabError(
      `the file cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
      path,
    );
  }
  return { name: path, size, open: () => createReadStream(path, { highWaterMark: 1 << 18 }) };
}

/** Says every few seconds where the work stands. */
function teller(): (stage: Stage, share: number) => void {
  const says: Readonly<Record<Stage, string>> = {
    people: 'reading people',
    meetings: 'reading meetings',
    scorer: 'fitting the scorer',
    truth: 'fitting the world',
  };
  let told = performance.now();
  return (stage, share) => {
    if (performance.now() - told < 2000) return;
    told = performance.now();
    process.stderr.write(`${says[stage]}: ${Math.round(100 * share)} %\n`);
  };
}

async function write(folder: string, { world, meetings }: Imported): Promise<string[]> {
  const files = [join(folder, 'world.json'), join(folder, 'meetings.csv')];
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(files[0], writeWorld(world));
    const stream = createWriteStream(files[1]);
    // Listens from the start: an error before the first wait would else end the process.
    const failed = new Promise<never>((_, reject) => stream.once('error', reject));
    failed.catch(() => undefined);
    for (const piece of datasetCsv(world.cast, meetings))
      if (!stream.write(piece)) await Promise.race([once(stream, 'drain'), failed]);
    stream.end();
    await Promise.race([once(stream, 'finish'), failed]);
  } catch (error) {
    throw new LabError(
      `cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
      folder,
    );
  }
  return files;
}

function printImport(r: ImportResult): string {
  const { figures: f, mapping } = r;
  const chosen = Object.entries(mapping).flatMap(([part, column]) =>
    typeof column === 'string' && !['durationUnit'].includes(part) ? [`${part}=${column}`] : [],
  );
  const figure = (name: string, value: number, digits = 3) =>
    Number.isNaN(value) ? [] : [`${name} ${value.toFixed(digits)}`];
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
          `check      long chats or matches: ${(100 * f.longTold).toFixed(1)} % told, ${(100 * f.longExpected).toFixed(1)} % expected of the same pairs`,
        ]),
    `held out   ${f.heldOut} meetings (${f.split === 'later' ? 'the later half' : 'a random half'}): ${[
      ...figure('AUROC of a yes', f.decisionAuroc),
      ...figure('of a match', f.matchAuroc),
      ...figure('correlation of ln seconds', f.durationCorrelation),
    ].join(', ')}`,
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
          `next       lab run ${r.files[0]}; lab slices ${basename(r.files[1])} --treatment same_group --outcome match --by person_side --missing skip`,
        ]
      : []),
  ].join('\n');
}
