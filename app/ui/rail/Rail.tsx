import type { Side } from '../../engine/api.ts';
import { useState, type ReactNode, type SyntheticEvent } from 'react';
import { presets, type Preset } from '../../../src/scenario/presets.ts';
import { FormulaButton } from '../../formula/FormulaButton.tsx';
import { OwnPeople } from '../../import/OwnPeople.tsx';
import { livePolicy, useScenario, useShownKnobs } from '../../state/scenario-store.ts';
import { useUi } from '../../state/ui-store.ts';
import { Icon } from '../Icon.tsx';
import { IconButton } from '../IconButton.tsx';
import { SideSwitch } from '../SideSwitch.tsx';
import { KnobControl } from './KnobControl.tsx';
import { PresetPicture } from './PresetPicture.tsx';
import { SizeControl } from './SizeControl.tsx';

/** The most important knobs, with plain labels. All others are in the drawer. */
const people = [
  { path: 'population.arrivalsPerMinute', label: 'Arrivals', unit: '/ min' },
  { path: 'population.women', label: 'Women : men', say: ratio },
  { path: 'population.newcomers', label: 'Newcomers' },
  { path: 'population.genderFilter', label: 'Use a gender filter' },
] as const;
/** For imported people, only the number of arrivals can be set. */
const ownKnobs = [people[0]] as const;
const policy = [
  { path: 'policy.scorer' },
  { path: 'policy.matcher' },
  { path: 'policy.combination' },
  { path: 'policy.tickMs' },
  { path: 'policy.threshold' },
  { path: 'policy.waitingBonus' },
] as const;
/** Only for scorers with session vectors, which may be late. */
const sessions = [{ path: 'policy.sessionSync' }, { path: 'policy.sessionDelay' }] as const;

/** The controls on the left: the scenario and the policy. */
export function Rail({ verbose = false }: { verbose?: boolean }) {
  const comparing = useScenario((s) => s.other !== null);
  const chosen = useUi((s) => s.side);
  const side: Side = comparing ? chosen : 'main';
  const scorer = useScenario((s) => livePolicy(s, side)?.scorer);
  const own = useScenario((s) => s.scenario.cast !== '');
  const thresholdUnit = scorer === 'rules' ? 'points' : 's';
  return (
    <HelpStrip show={!verbose}>
      <section className="rail-section" aria-labelledby="rail-scenario">
        <div className="rail-head">
          <h2 id="rail-scenario">Scenario</h2>
          <UndoButtons />
        </div>
        <PresetButton />
        {own ? <OwnPeople /> : null}
        <SizeControl verbose={verbose} />
        {(own ? ownKnobs : people).map((knob) => (
          <KnobControl key={knob.path} verbose={verbose} {...knob} />
        ))}
      </section>
      <section className="rail-section" id="policy" aria-labelledby="rail-policy">
        <div className="rail-head">
          <h2 id="rail-policy">Policy</h2>
          <FormulaButton side={side} />
          <SideSwitch label="Whose policy" />
        </div>
        {[...policy, ...(scorer === 'cupid' ? sessions : [])].map((knob) => (
          <KnobControl
            key={`${side}:${knob.path}`}
            side={side}
            verbose={verbose}
            {...knob}
            {...(knob.path === 'policy.threshold' ? { unit: thresholdUnit } : {})}
          />
        ))}
      </section>
    </HelpStrip>
  );
}

/** Shows the help of the control under the pointer or the focus at the bottom of the rail. */
function HelpStrip({ show, children }: { show: boolean; children: ReactNode }) {
  const [help, setHelp] = useState('');
  const read = (event: SyntheticEvent) => {
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-help]') : null;
    setHelp(target?.dataset['help'] ?? '');
  };
  const open = useUi((s) => s.open);
  const lesson = usePreset()?.lesson;
  const shown = useShownKnobs();
  const more = (
    <button type="button" id="all-knobs" className="button wide" onClick={() => open('knobs')}>
      All {shown.length} knobs
    </button>
  );
  if (!show)
    return (
      <div className="rail-scroll">
        {children}
        {more}
      </div>
    );
  return (
    <>
      <div className="rail-scroll" onPointerOver={read} onFocus={read} onPointerLeave={() => setHelp('')}>
        {children}
      </div>
      <div className="rail-foot">
        {help === '' && lesson !== undefined ? (
          <p className="rail-help" title={lesson}>
            <b>Try</b> {lesson}
          </p>
        ) : (
          <p className="rail-help" aria-hidden="true">
            {help === '' ? 'Point at a control to see what it does.' : help}
          </p>
        )}
        {more}
      </div>
    </>
  );
}

function UndoButtons() {
  const canUndo = useScenario((s) => s.past.length > 0);
  const canRedo = useScenario((s) => s.future.length > 0);
  const undo = useScenario((s) => s.undo);
  const redo = useScenario((s) => s.redo);
  return (
    <span className="undo">
      <IconButton icon="undo" label="Undo" keys="Ctrl Z" disabled={!canUndo} onClick={undo} />
      <IconButton icon="redo" label="Redo" keys="Ctrl Shift Z" disabled={!canRedo} onClick={redo} />
    </span>
  );
}

function PresetButton() {
  const open = useUi((s) => s.open);
  const name = useScenario((s) => s.scenario.name);
  const scenario = useScenario((s) => s.scenario);
  const sentence = usePreset()?.sentence;
  return (
    <button type="button" className="preset-button" onClick={() => open('presets')} data-help={sentence}>
      <PresetPicture scenario={scenario} />
      <span className="preset-name">{name}</span>
      <Icon name="down" size={16} />
    </button>
  );
}

/** The preset that this scenario started from. A changed scenario keeps its name. */
function usePreset(): Preset | undefined {
  const name = useScenario((s) => s.scenario.name);
  return presets.find((preset) => preset.name === name);
}

function ratio(women: number): string {
  const w = Math.round(women * 100);
  return `${w} : ${100 - w}`;
}
