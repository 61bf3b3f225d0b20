import { Popover } from '@base-ui/react/popover';
import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import { useState } from 'react';
import { count } from '../../state/format.ts';
import type { StartChoices } from '../../state/session.ts';
import { useStatus } from '../../state/status-store.ts';
import type { LateButtonProps } from '../late/late-button.tsx';
import { useSession } from '../session-context.ts';
import { useEngineInfo } from './engine-info.ts';

const backends: readonly { value: StartChoices['backend']; label: string }[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'gpu', label: 'GPU' },
  { value: 'cpu', label: 'CPU' },
];

/** Says where the market computes, and changes it. */
export default function EnginePopover({ trigger }: LateButtonProps) {
  const info = useEngineInfo();
  const session = useSession();
  const [choices, setChoices] = useState<StartChoices>({ ...session.choices });
  const choose = (next: Partial<StartChoices>) => {
    setChoices({ ...choices, ...next });
    session.choose(next);
  };
  return (
    <Popover.Root defaultOpen>
      <Popover.Trigger {...trigger} />
      <Popover.Portal>
        <Popover.Positioner className="positioner" sideOffset={8} align="end">
          <Popover.Popup className="popover engine">
            <Popover.Title className="popover-title">Where it computes</Popover.Title>
            <Popover.Description className="popover-text">
              {info === null
                ? 'The engine is starting.'
                : `${info.backend === 'gpu' ? 'WebGPU' : 'CPU'} on ${info.adapter}. ${info.note}`}
            </Popover.Description>
            <ToggleGroup
              className="choices"
              aria-label="Backend"
              value={[choices.backend]}
              onValueChange={([next]) => {
                if (next !== undefined) choose({ backend: next });
              }}
            >
              {backends.map((b) => (
                <Toggle key={b.value} value={b.value} className="choice">
                  {b.label}
                </Toggle>
              ))}
            </ToggleGroup>
            <EngineFigures />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function EngineFigures() {
  const late = useStatus((s) => s.status?.lateTicks ?? 0);
  const ticks = useStatus((s) => s.status?.tick ?? 0);
  return (
    <p className="popover-text">
      {count(late)} of {count(ticks)} ticks came late.
    </p>
  );
}
