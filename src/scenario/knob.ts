import * as v from 'valibot';

/** What a control, a validation message and the docs need to know of a knob. */
export interface KnobInfo {
  readonly label: string;
  /** One line of help, in plain words. */
  readonly help: string;
  /** Unit as printed; '%' means that the value is a share from 0 to 1 shown as percent. */
  readonly unit: string;
  /** Only numbers. */
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  /** Logarithmic slider. */
  readonly log?: boolean;
  /** Only choices. */
  readonly options?: readonly { readonly value: string; readonly label: string; readonly help: string }[];
}

type NumberInfo = Required<Pick<KnobInfo, 'label' | 'help' | 'unit' | 'min' | 'max' | 'step'>> & {
  readonly log?: boolean;
};

/** A number with range, default, unit and help. */
export function numberKnob(defaultValue: number, info: NumberInfo) {
  const range = `${info.label} must lie between ${info.min} and ${info.max}${info.unit && info.unit !== '%' ? ` ${info.unit}` : ''}`;
  return v.optional(
    v.pipe(
      v.number(`${info.label} must be a number`),
      v.finite(`${range}; it is not finite`),
      v.minValue(info.min, (issue) => `${range}; it is ${issue.input}`),
      v.maxValue(info.max, (issue) => `${range}; it is ${issue.input}`),
      v.metadata({ knob: info satisfies KnobInfo }),
    ),
    defaultValue,
  );
}

/** A share from 0 to 1, shown as percent. */
export function shareKnob(defaultValue: number, label: string, help: string, max = 1) {
  return numberKnob(defaultValue, { label, help, unit: '%', min: 0, max, step: 0.01 });
}

/** One of a few words. */
export function choiceKnob<const T extends string>(
  defaultValue: NoInfer<T>,
  info: { label: string; help: string; options: readonly { value: T; label: string; help: string }[] },
) {
  const values = info.options.map((o) => o.value);
  return v.optional(
    v.pipe(
      v.picklist(
        values,
        (issue) => `${info.label} must be one of ${values.join(', ')}; it is ${issue.received}`,
      ),
      v.metadata({ knob: { ...info, unit: '' } satisfies KnobInfo }),
    ),
    defaultValue,
  );
}
