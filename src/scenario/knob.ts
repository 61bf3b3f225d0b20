import * as v from 'valibot';

/** Describes a knob for its control, its validation messages and the docs. */
export interface KnobInfo {
  readonly label: string;
  /** One line of help, in plain words. */
  readonly help: string;
  /** Unit as printed; '%' means that the value is a share from 0 to 1 shownValue as percent. */
  readonly unit: string;
  /** Only numbers. */
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  /** Only numbers: fractions are refused. */
  readonly whole?: boolean;
  /** Logarithmic slider. */
  readonly log?: boolean;
  /** Only choices. */
  readonly options?: readonly KnobOption[];
}

interface KnobOption<T extends string = string> {
  readonly value: T;
  readonly label: string;
  readonly help: string;
  /** It needs vectors that were imported with the people. */
  readonly own?: true;
}

type NumberInfo = Required<Pick<KnobInfo, 'label' | 'help' | 'unit' | 'min' | 'max' | 'step'>> &
  Pick<KnobInfo, 'whole' | 'log'>;

/** A number within its range, without a default. */
export function requiredNumber(info: NumberInfo) {
  const { label, unit, min, max, whole = false } = info;
  const range = `${min} and ${max}${unit && unit !== '%' ? ` ${unit}` : ''}`;
  const kind = whole ? 'a whole number' : 'a number';
  const wrongKind = (issue: { input: unknown }) =>
    `${label} must be ${kind} between ${range}; it is ${shownValue(issue.input)}`;
  const outOfRange = (issue: { input: unknown }) =>
    `${label} must lie between ${range}; it is ${shownValue(issue.input)}`;
  return v.pipe(
    v.number(wrongKind),
    v.finite(outOfRange),
    v.minValue(min, outOfRange),
    v.maxValue(max, outOfRange),
    v.check((value) => !whole || Number.isInteger(value), wrongKind),
    v.metadata({ knob: info satisfies KnobInfo }),
  );
}

/** A number with range, default, unit and help. */
export function numberKnob(defaultValue: number, info: NumberInfo) {
  return v.optional(requiredNumber(info), defaultValue);
}

/** A share from 0 to 1, shownValue as percent. */
export function shareKnob(defaultValue: number, label: string, help: string, max = 1) {
  return numberKnob(defaultValue, { label, help, unit: '%', min: 0, max, step: 0.01 });
}

/** One of a few words. */
export function choiceKnob<const T extends string>(
  defaultValue: NoInfer<T>,
  info: { label: string; help: string; options: readonly KnobOption<T>[] },
) {
  const values = info.options.map((o) => o.value);
  return v.optional(
    v.pipe(
      v.picklist(
        values,
        (issue) => `${info.label} must be one of ${values.join(', ')}; it is ${shownValue(issue.input)}`,
      ),
      v.metadata({ knob: { ...info, unit: '' } satisfies KnobInfo }),
    ),
    defaultValue,
  );
}

/** Any value as an error message shows it: JSON, shortened. */
export function shownValue(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'missing');
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
