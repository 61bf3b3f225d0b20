import { NumberField } from '@base-ui/react/number-field';
import { LARGEST_SEED } from '../../../src/base/seeds.ts';
import { knobAt } from '../../state/knobs.ts';
import { rate, speedText } from '../../state/format.ts';
import { useScenario } from '../../state/scenario-store.ts';
import { speeds } from '../../state/session.ts';
import { useStatus } from '../../state/status-store.ts';
import { ChoiceMenu } from './ChoiceMenu.tsx';
import { IconButton } from '../IconButton.tsx';
import { useSession } from '../session-context.ts';
import { ResetButton } from './ResetButton.tsx';
import { Timeline } from './Timeline.tsx';

/** Play, step, speed and seed, and the time line. */
export function Transport() {
  const session = useSession();
  const playing = useStatus((s) => s.playing);
  return (
    <footer className="transport" id="transport" aria-label="Time">
      <div className="transport-buttons">
        <IconButton
          className="play"
          icon={playing ? 'pause' : 'play'}
          label={playing ? 'Pause' : 'Play'}
          keys="Space"
          onClick={() => session.toggle()}
        />
        <IconButton className="round" icon="step" label="One tick" keys="." onClick={() => session.step()} />
        <ResetButton />
      </div>
      <Speed />
      <Timeline />
      <Seed />
    </footer>
  );
}

function Speed() {
  const session = useSession();
  const speed = useStatus((s) => s.speed);
  const reached = useStatus((s) => {
    const { status, playing } = s;
    if (status === null || !playing || !status.running || !(status.achievedSpeed > 0)) return '';
    const asked = Number.isFinite(speed) ? speed : Infinity;
    return status.achievedSpeed < 0.9 * asked ? `runs at ×${rate(status.achievedSpeed)}` : '';
  });
  return (
    <div className="speed">
      <ChoiceMenu
        name="Speed"
        className="speed-choice"
        choices={speeds.map((choice) => ({ value: choice, label: speedText(choice) }))}
        value={speed}
        onChange={(next) => session.setSpeed(next)}
      >
        <span className="speed-word">speed</span>
      </ChoiceMenu>
      <span className="speed-reached">{reached}</span>
    </div>
  );
}

function Seed() {
  const seed = useScenario((s) => s.scenario.seed);
  const problem = useScenario((s) => s.problems['main:seed'] ?? null);
  const set = useScenario((s) => s.set);
  const help = knobAt('seed').info.help;
  return (
    <div className="seed" data-bad={problem === null ? undefined : ''}>
      <NumberField.Root
        className="field"
        value={seed}
        min={0}
        max={LARGEST_SEED}
        step={1}
        allowOutOfRange
        locale="en"
        format={{ useGrouping: false, maximumFractionDigits: 6 }}
        onValueChange={(next) => {
          if (next !== null) set('seed', next);
        }}
      >
        <label className="seed-label" htmlFor="seed">
          seed
        </label>
        <NumberField.Input
          id="seed"
          className="field-input"
          title={help}
          size={Math.max(3, String(seed).length)}
          aria-invalid={problem === null ? undefined : true}
          aria-describedby={problem === null ? undefined : 'seed-problem'}
        />
      </NumberField.Root>
      <IconButton
        icon="dice"
        label="Another seed: other people, another evening"
        onClick={() => set('seed', crypto.getRandomValues(new Uint32Array(1))[0] % 100_000)}
      />
      {problem !== null && (
        <p id="seed-problem" className="knob-problem above" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
