import { Switch } from '@base-ui/react/switch';
import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import { useId } from 'react';
import { count } from '../../state/format.ts';
import { LossChart } from '../charts/LossChart.tsx';
import { KnobField } from './KnobField.tsx';
import { CostSection } from './CostSection.tsx';
import { eveningKnobs, knobsOf } from '../state/knob-infos.ts';
import { ablationText, memberText, nameInText, nameOf, wishText } from '../state/knobs.ts';
import { ModelList } from './ModelList.tsx';
import { ablations, isMember, trainees, type DeviceWish, type Trainee } from '../worker/orders.ts';
import { useTrain } from '../state/state.ts';
import { startTraining } from '../state/training.ts';

/** Left what is trained and how, right how it learns and what there is. */
export function TrainPanel() {
  const { live, points, curveOf, order } = useTrain();
  return (
    <div className="train-grid">
      <Settings />
      <div className="train-main">
        <PlaceLine />
        <LossChart name={curveOf} kind={order?.kind ?? 'family'} live={live} points={points} />
        <ModelList />
        <CostSection />
      </div>
    </div>
  );
}

const deviceText = { webgpu: 'WebGPU', wasm: 'WebAssembly', cpu: 'the CPU' } as const;

function PlaceLine() {
  const place = useTrain((s) => s.place);
  const losses = useTrain((s) => s.losses);
  const facts = useTrain((s) => s.facts);
  if (facts === null && place === null && losses.length === 0) return null;
  return (
    <div className="train-facts">
      {facts !== null && (
        <p>
          {count(facts.chats)} chats of {count(facts.people)} people: {count(facts.train)} train,{' '}
          {count(facts.validation)} later ones validate, {count(facts.test)} still later ones judge.
        </p>
      )}
      {place !== null && (
        <p>
          Computes on <b>{deviceText[place.device]}</b>: {place.why}.
        </p>
      )}
      {losses.map((text, k) => (
        <p key={k} className="train-lost" role="status">
          {text}
        </p>
      ))}
    </div>
  );
}

function Settings() {
  const { knobs, evenings, wish, task } = useTrain();
  const set = useTrain.setState;
  const busy = task !== null;
  const { main, sizes } = knobsOf(knobs.member);
  return (
    <section className="train-settings" aria-label="What to train">
      <Choice
        name="Model"
        options={memberText}
        order={trainees}
        value={knobs.member}
        onChange={(member: Trainee) => set({ knobs: { ...knobs, member } })}
      />
      {isMember(knobs.member) && (
        <fieldset className="train-group">
          <legend>What is left out</legend>
          {ablations.map((part) => (
            <SwitchLine
              key={part}
              label={ablationText[part].label}
              help={ablationText[part].help}
              checked={knobs.without.includes(part)}
              disabled={part === 'session' && knobs.member === 'wide-deep'}
              onChange={(on) =>
                set({
                  knobs: {
                    ...knobs,
                    without: ablations.filter((a) => (a === part ? on : knobs.without.includes(a))),
                  },
                })
              }
            />
          ))}
        </fieldset>
      )}
      <fieldset className="train-group">
        <legend>How it is trained</legend>
        {main.map((info) => (
          <KnobField
            key={info.key}
            info={info}
            value={knobs[info.key]}
            onChange={(value) => set({ knobs: { ...knobs, [info.key]: value } })}
          />
        ))}
      </fieldset>
      <details className="train-group">
        <summary>Sizes (never published: ours)</summary>
        {sizes.map((info) => (
          <KnobField
            key={info.key}
            info={info}
            value={knobs[info.key]}
            onChange={(value) => set({ knobs: { ...knobs, [info.key]: value } })}
          />
        ))}
      </details>
      <details className="train-group">
        <summary>Evenings and backend</summary>
        {eveningKnobs.map((info) => (
          <KnobField
            key={info.key}
            info={info}
            value={evenings[info.key]}
            onChange={(value) => set({ evenings: { ...evenings, [info.key]: value } })}
          />
        ))}
        <Choice
          name="Compute on"
          options={wishText}
          order={['auto', 'webgpu', 'wasm']}
          value={wish}
          onChange={(next: DeviceWish) => set({ wish: next })}
        />
      </details>
      <button
        type="button"
        className="button primary wide train-start"
        disabled={busy}
        onClick={() => void startTraining()}
      >
        Train {nameInText(nameOf(knobs))}
      </button>
    </section>
  );
}

interface ChoiceProps<V extends string> {
  readonly name: string;
  readonly options: Readonly<Record<V, { readonly label: string; readonly help: string }>>;
  readonly order: readonly V[];
  readonly value: V;
  readonly onChange: (value: V) => void;
}

function Choice<V extends string>({ name, options, order, value, onChange }: ChoiceProps<V>) {
  const id = useId();
  return (
    <div className="train-choice">
      <span id={id} className="train-legend">
        {name}
      </span>
      <ToggleGroup
        className="choices"
        data-count={order.length > 3 ? order.length : undefined}
        aria-labelledby={id}
        aria-describedby={`${id}-help`}
        value={[value]}
        onValueChange={([next]) => {
          if (next !== undefined) onChange(next);
        }}
      >
        {order.map((option) => (
          <Toggle key={option} value={option} className="choice">
            {options[option].label}
          </Toggle>
        ))}
      </ToggleGroup>
      <p id={`${id}-help`} className="train-help">
        {options[value].help}
      </p>
    </div>
  );
}

interface SwitchProps {
  readonly label: string;
  readonly help: string;
  readonly checked: boolean;
  readonly disabled: boolean;
  readonly onChange: (on: boolean) => void;
}

function SwitchLine({ label, help, checked, disabled, onChange }: SwitchProps) {
  const id = useId();
  return (
    <div className="train-switch">
      <Switch.Root
        className="switch"
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChange}
        aria-labelledby={`${id}-label`}
        aria-describedby={`${id}-help`}
      >
        <Switch.Thumb className="switch-thumb" />
      </Switch.Root>
      <div>
        <span id={`${id}-label`}>{label}</span>
        <p id={`${id}-help`} className="train-help">
          {help}
        </p>
      </div>
    </div>
  );
}
