import { LabError, must, shown } from '../../base/errors.ts';
import type { CsvFile } from '../../base/text/csv.ts';
import { columnNames, readComparison, type RowsRequest, type TableRows } from '../slices/csv-rows.ts';
import { byRole, type ColumnRole } from './adjust.ts';
import { planByDiagram, type RolePlan } from './plan-roles.ts';
import type { Diagram } from './diagram.ts';
import { shownEffect, type EffectFigures } from './effect-interval.ts';
import { CausalTable, mustHaveBothArms } from './effects.ts';

/** Maximum number of levels of the columns that are adjusted for. */
const MAX_LEVELS = 2000;

/** Columns are given alone or in lists such as `age,"city, country"`. */
export interface AdjustRequest extends Pick<
  RowsRequest,
  'treatment' | 'outcome' | 'bins' | 'count' | 'skipMissing'
> {
  readonly confounder: readonly string[];
  readonly mediator: readonly string[];
  readonly collider: readonly string[];
  readonly frontDoor: readonly string[];
  readonly unit: readonly string[];
  readonly treated: string | undefined;
  readonly control: string | undefined;
  /** Decides which columns may be adjusted for; undefined: the named roles are believed. */
  readonly diagram: Diagram | undefined;
}

/** What is claimed of the effect. Figures that do not exist are null. */
export interface AdjustResult {
  readonly file: string;
  readonly treatment: string;
  readonly treated: string;
  readonly control: string;
  readonly outcome: string;
  /** What is done with `columns`; null where no effect is claimed. */
  readonly role: ColumnRole | null;
  readonly columns: readonly string[];
  readonly rows: number;
  readonly skipped: number;
  readonly people: { readonly treated: number; readonly control: number };
  readonly method: string;
  /** What the figures assume, or why there are none. */
  readonly note: string;
  readonly figures: AdjustFigures;
  /** Share of the people at levels that have both arms, and the effect among them. */
  readonly support: { readonly share: number; readonly ate: EffectFigures } | null;
  /** Columns that were named and are not used, with the reason. */
  readonly refused: RolePlan['refused'];
  /** Of the diagram: the role of each column of the file, and the smallest sets to adjust for. */
  readonly roles?: RolePlan['roles'];
  readonly adjustmentSets?: RolePlan['sets'];
}

/** Of a role; or the crude difference alone, with what refused columns would have said. */
type AdjustFigures =
  | ReturnType<typeof byRole<EffectFigures>>
  | { readonly crude: EffectFigures; readonly if_adjusted?: object };

/** The effect of a treatment in a table, by the roles of its columns. Throws LabError. */
export function adjustCsv(csv: CsvFile, request: AdjustRequest): AdjustResult {
  const names = (given: readonly string[]) => columnNames(csv, given);
  const unit = names(request.unit);
  const named = {
    confounder: names(request.confounder),
    mediator: names(request.mediator),
    collider: names(request.collider),
    'front-door': names(request.frontDoor),
  };
  const plan =
    request.diagram === undefined
      ? planByNames(named)
      : planByDiagram(request.diagram, csv.header, request.treatment, request.outcome, named);
  const rows = readComparison(csv, { ...request, by: plan.columns, unit });
  const [treated, control] = armsOf(rows, request);
  must(
    rows.slices.length <= MAX_LEVELS,
    `${plan.columns.join(', ')} ${plan.columns.length === 1 ? 'has' : 'have'} ${rows.slices.length} different values together, and an effect is compared within each; cut numbers into classes with --bins 10`,
  );
  const arms = rows.arms.map((arm) => (arm === treated ? 1 : arm === control ? 0 : -1));
  const table = new CausalTable({ ...rows, arms, levelCount: rows.slices.length });
  const values = [rows.treatments[control], rows.treatments[treated]] as const;
  mustHaveBothArms(table, request.treatment, values);
  const show = shownEffect(table, rows.units);
  const levels = rows.slices.map((slice) => Object.values(slice).join(', '));
  const figures = (role: ColumnRole) => byRole(table, role, levels, plan.columns, show);
  return {
    file: csv.file,
    treatment: request.treatment,
    ...{ treated: values[1], control: values[0] },
    outcome: request.outcome,
    ...{ role: plan.role, columns: plan.columns },
    ...{ rows: rows.used, skipped: rows.skipped },
    people: { treated: table.people[1], control: table.people[0] },
    method: methodOf(unit, table),
    note: plan.note,
    figures: plan.role === null ? unclaimed(figures('collider'), plan) : figures(plan.role),
    support: plan.role === 'confounder' ? supportOf(table, show) : null,
    refused: plan.refused,
    ...(plan.roles && { roles: plan.roles, adjustmentSets: plan.sets }),
  };
}

/** No effect is claimed. */
function unclaimed(figures: ReturnType<typeof byRole<EffectFigures>>, { refused }: RolePlan): AdjustFigures {
  const { mean_treated, mean_control, crude } = figures;
  const means = { mean_treated, mean_control, crude };
  return refused.length > 0 && 'if_adjusted' in figures
    ? { ...means, if_adjusted: figures.if_adjusted }
    : means;
}

type NamedRoles = Readonly<Record<ColumnRole, readonly string[]>>;

/** The roles are believed as they are named. */
function planByNames(named: NamedRoles): RolePlan {
  const given = (Object.keys(named) as ColumnRole[]).filter((role) => named[role].length > 0);
  must(
    given.length === 1,
    given.length === 0
      ? 'the role of no column is told; name --confounder, --mediator, --collider or --front-door, or give a --diagram'
      : `columns are named as ${given.join(' and ')}; name one role at a time`,
  );
  const [role] = given;
  const columns = named[role];
  const list = columns.join(', ');
  const notes: Record<ColumnRole, string> = {
    confounder: `This is the effect if ${list} ${columns.length === 1 ? 'is the only common cause' : 'are the only common causes'} of treatment and outcome, and no effect of the treatment.`,
    mediator:
      'The total effect is the crude difference. Its parts assume that treatment, mediator and outcome have no common cause.',
    collider: `${list}: treatment and outcome both cause it, so adjusting for it connects them by selection. The effect is the crude difference; what adjusting would have said is no effect.`,
    'front-door': `This is the effect if the treatment acts through ${list} only, and no cause of ${list} but the treatment also causes treatment or outcome.`,
  };
  return { role, columns, note: notes[role], refused: [], sets: [] };
}

/** Places of the treated and of the control value among the treatments. */
function armsOf(rows: TableRows, request: AdjustRequest): readonly [treated: number, control: number] {
  const { treatments } = rows;
  const { treatment, treated, control } = request;
  const place = (value: string) => {
    const at = treatments.indexOf(value);
    if (at < 0)
      throw new LabError(
        `no row has ${treatment} = ${shown(value)}; there are ${treatments.map(shown).join(', ')}`,
      );
    return at;
  };
  if (treated === undefined || control === undefined) {
    must(
      treatments.length === 2,
      `${treatment} has ${treatments.length} values, ${treatments.map(shown).join(', ')}; name two of them with --treated and --control`,
    );
    const first = treated ?? (control === undefined ? usuallyTreated(treatments) : undefined);
    const at = first === undefined ? 1 - place(control!) : place(first);
    return [at, 1 - at];
  }
  must(treated !== control, `--treated and --control are both ${shown(treated)}; name two values`);
  return [place(treated), place(control)];
}

/** 1 against 0, yes against no, else the first value in the file. */
const usuallyTreated = (values: readonly string[]): string =>
  values.find((value) => /^(1|yes|true|treated|treatment)$/i.test(value)) ?? values[0];

function methodOf(unit: readonly string[], table: CausalTable): string {
  const how = 'influence functions of the cell means and of the shares of the levels (HC2)';
  if (unit.length === 0)
    return `${how}, rows independent, Student's t of the smaller arm (${Math.min(...table.people)} rows)`;
  return unit.length === 1
    ? `${how}, clustered by ${unit[0]}, Student's t of the effective number of units`
    : `${how}, dyadic by ${unit.join(' and ')}, Student's t of the effective number of people`;
}

function supportOf(table: CausalTable, show: ReturnType<typeof shownEffect>): AdjustResult['support'] {
  let both = 0;
  for (let level = 0; level < table.rows.levelCount; level++) {
    const [c, t] = [table.cell(level, 0).people, table.cell(level, 1).people];
    if (c > 0 && t > 0) both += c + t;
  }
  const share = both / (table.people[0] + table.people[1]);
  return { share, ate: show(table.standardised('everyone', true)) };
}
