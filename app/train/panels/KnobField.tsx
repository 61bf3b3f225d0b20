import { NumberField } from '@base-ui/react/number-field';
import { useId } from 'react';
import type { NumberKnobInfo } from '../state/knob-infos.ts';

interface Props {
  readonly info: NumberKnobInfo<string>;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** A number of the room, with its unit and its line of help. What is out of range is said when it matters, not corrected. */
export function KnobField({ info, value, onChange }: Props) {
  const { label, help, unit, min, max, step } = info;
  const id = useId();
  const bad = !(value >= min && value <= max);
  return (
    <div className="train-knob">
      <label htmlFor={id}>{label}</label>
      <NumberField.Root
        id={id}
        className="field"
        value={value}
        min={min}
        max={max}
        step={step}
        allowOutOfRange
        locale="en"
        format={{ maximumFractionDigits: 6, useGrouping: false }}
        onValueChange={(next) => {
          if (next !== null) onChange(next);
        }}
      >
        <NumberField.Input
          className="field-input"
          aria-describedby={`${id}-help`}
          aria-invalid={bad || undefined}
          size={Math.max(3, String(value).length)}
        />
        {unit !== '' && <span className="field-unit">{unit}</span>}
      </NumberField.Root>
      <p id={`${id}-help`} className="train-help">
        {help}
      </p>
    </div>
  );
}
