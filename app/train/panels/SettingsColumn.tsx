import { RoomSwitch } from '../../room/RoomSwitch.tsx';
import { nameInText, nameOf } from '../names.ts';
import { ablations, groupOf, isMember, type Ablation } from '../settings.ts';
import { useTrain } from '../state/store.ts';
import { startTraining } from '../state/training.ts';
import { RoomKnob, RoomKnobs } from './Knobs.tsx';

/** What is trained, and how. */
export function SettingsColumn() {
  const model = useTrain((s) => s.settings.model);
  const without = useTrain((s) => s.without);
  const busy = useTrain((s) => s.task !== null);
  const group = groupOf(model);
  return (
    <section className="room-settings" aria-label="What to train">
      <RoomKnob path="model" />
      {isMember(model) && (
        <fieldset className="room-group">
          <legend>What is left out</legend>
          {(Object.keys(ablations) as Ablation[]).map((part) => (
            <AblationSwitch key={part} part={part} disabled={part === 'session' && model === 'wide-deep'} />
          ))}
        </fieldset>
      )}
      <fieldset className="room-group">
        <legend>How it is trained</legend>
        <RoomKnobs group={`${group}.main`} />
        <RoomKnob path="seed" />
      </fieldset>
      <details className="room-group">
        <summary>Sizes (never published: ours)</summary>
        <RoomKnobs group={`${group}.sizes`} />
      </details>
      <details className="room-group">
        <summary>Evenings and device</summary>
        <RoomKnobs group="evenings" />
        <RoomKnob path="device" />
      </details>
      <button
        type="button"
        className="button primary wide room-start"
        disabled={busy}
        onClick={() => void startTraining()}
      >
        Train {nameInText(nameOf(model, without))}
      </button>
    </section>
  );
}

function AblationSwitch({ part, disabled }: { readonly part: Ablation; readonly disabled: boolean }) {
  const without = useTrain((s) => s.without);
  const { label, help } = ablations[part];
  const change = (on: boolean) =>
    useTrain.setState({
      // In the order of the list, so that the name does not depend on the order of the clicks.
      without: (Object.keys(ablations) as Ablation[]).filter((a) => (a === part ? on : without.includes(a))),
    });
  return (
    <RoomSwitch
      label={label}
      help={help}
      checked={without.includes(part)}
      disabled={disabled}
      onChange={change}
    />
  );
}
