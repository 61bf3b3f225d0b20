import type { Side } from '../../engine/api.ts';
import { NumberField } from '@base-ui/react/number-field';
import { Slider } from '@base-ui/react/slider';
import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import { useId, useState } from 'react';
import type { Policy } from '../../../src/scenario/schema.ts';
import { knobAt, readKnob, type Knob } from '../../state/knobs.ts';
import { knobText, knobUnit } from '../../state/format.ts';
import {
  decimalsOf,
  isLogarithmic,
  rangeOf,
  SLIDER_STEPS,
  slideTo,
  snap,
  toPosition,
} from '../../state/scale.ts';
import { problemKey, useScenario } from '../../state/scenario-store.ts';
import { useStatus } from '../../state/status-store.ts';

interface Props extends Wording {
  path: string;
  side?: Side;
}

/** The control of one knob of the scenario. */
export function KnobControl({ path, side = 'main', ...wording }: Props) {
  const value = useScenario(
    (s) => s.staged[side][path.replace('policy.', '') as keyof Policy] ?? readKnob(s, path, side),
  );
  const problem = useScenario((s) => s.problems[problemKey(path, side)] ?? null);
  const set = useScenario((s) => s.set);
  return (
    <KnobField
      knob={knobAt(path)}
      value={value}
      problem={problem}
      onChange={(next) => set(path, next, side)}
      {...wording}
    />
  );
}

interface Wording {
  /** A shorter label than the schema's. */
  label?: string;
  /** Formats the value, e.g. "42 : 58". */
  say?: (value: number) => string;
  unit?: string;
  /** Shows the help text under the control. */
  verbose?: boolean;
}

interface FieldProps extends Wording {
  knob: Knob;
  value: number | string;
  /** Problem with the last typed value, or null. */
  problem: string | null;
  onChange: (value: number | string) => void;
}

/** The control of a knob, made from its schema entry, with a message for an invalid value. */
export function KnobField({ knob, value, problem, onChange, label, unit, say, verbose = false }: FieldProps) {
  const id = useId();
  const name = label ?? knob.info.label;
  const option = knob.info.options?.find((o) => o.value === value);
  const help = option === undefined ? knob.info.help : `${knob.info.help} ${option.label}: ${option.help}`;
  return (
    <div className="knob" data-help={help} data-knob={knob.path} data-bad={problem === null ? undefined : ''}>
      {typeof value === 'number' ? (
        <NumberKnob
          id={id}
          knob={knob}
          name={name}
          value={value}
          unit={unit ?? knobUnit(knob.info.unit)}
          say={say}
          bad={problem !== null}
          onChange={onChange}
        />
      ) : (
        <ChoiceKnob id={id} knob={knob} name={name} value={value} onChange={onChange} />
      )}
      <p id={`${id}-help`} className={verbose ? 'knob-help' : 'visually-hidden'}>
        {help}
      </p>
      {problem !== null && (
        <p id={`${id}-problem`} className="knob-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

interface NumberProps {
  id: string;
  knob: Knob;
  name: string;
  value: number;
  unit: string;
  say: ((value: number) => string) | undefined;
  bad: boolean;
  onChange: (value: number) => void;
}

function NumberKnob({ id, knob, name, value, unit, say, bad, onChange }: NumberProps) {
  const { info } = knob;
  const { min, max, step } = rangeOf(info);
  const log = isLogarithmic(info);
  const factor = info.unit === '%' ? 100 : 1;
  // A seed is a name and not a quantity, so it has no slider and no thousands separators.
  const isSeed = /(^|\.)seed$/.test(knob.path);
  const described = bad ? `${id}-problem ${id}-help` : `${id}-help`;
  // The field keeps the typed text until it is valid, so that a typing error is not lost.
  const [draft, setDraft] = useState<number | null>(null);
  const shown = bad && draft !== null ? draft : Number((value * factor).toFixed(6));
  const slide = (position: number) => onChange(log ? slideTo(info, value, position) : snap(info, position));
  return (
    <>
      <div className="knob-line">
        <label className="knob-label" htmlFor={`${id}-field`}>
          {name}
        </label>
        {say !== undefined && <span className="knob-said">{say(value)}</span>}
        <NumberField.Root
          id={`${id}-field`}
          className="field"
          data-said={say === undefined ? undefined : ''}
          value={shown}
          min={min * factor}
          max={max * factor}
          step={step * factor}
          allowOutOfRange
          locale="en"
          format={{ maximumFractionDigits: 6, useGrouping: !isSeed }}
          onValueChange={(next) => {
            setDraft(next);
            if (next !== null) onChange(Number((next / factor).toFixed(decimalsOf(step) + 3)));
          }}
        >
          <NumberField.Input
            className="field-input"
            aria-describedby={described}
            aria-invalid={bad || undefined}
            size={Math.max(2, String(shown).length)}
          />
          {unit !== '' && <span className="field-unit">{unit}</span>}
        </NumberField.Root>
      </div>
      {!isSeed && (
        <Slider.Root
          className="slider"
          value={log ? toPosition(info, value) : value}
          min={log ? 0 : min}
          max={log ? SLIDER_STEPS : max}
          step={log ? 1 : step}
          largeStep={log ? SLIDER_STEPS / 10 : Math.max(step, (max - min) / 10)}
          onValueChange={(position) => slide(position)}
        >
          <Slider.Control className="slider-control">
            <Slider.Track className="slider-track">
              <Slider.Indicator className="slider-indicator" />
              <Slider.Thumb
                className="slider-thumb"
                getAriaLabel={() => name}
                getAriaValueText={() => say?.(value) ?? knobText(info, value)}
              />
            </Slider.Track>
          </Slider.Control>
        </Slider.Root>
      )}
    </>
  );
}

interface ChoiceProps {
  id: string;
  knob: Knob;
  name: string;
  value: string;
  onChange: (value: string) => void;
}

function ChoiceKnob({ id, knob, name, value, onChange }: ChoiceProps) {
  const hasVectors = useStatus((s) => s.info?.people?.hasVectors === true);
  const options = knob.info.options?.filter((o) => o.own !== true || hasVectors || o.value === value) ?? [];
  return (
    <>
      <span className="knob-label" id={`${id}-label`}>
        {name}
      </span>
      <ToggleGroup
        className="choices"
        data-count={options.length}
        aria-labelledby={`${id}-label`}
        aria-describedby={`${id}-help`}
        value={[value]}
        onValueChange={([next]) => {
          if (next !== undefined) onChange(next);
        }}
      >
        {options.map((option) => (
          <Toggle key={option.value} value={option.value} className="choice" data-help={option.help}>
            {option.label}
          </Toggle>
        ))}
      </ToggleGroup>
    </>
  );
}
