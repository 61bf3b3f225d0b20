import { lateButton } from '../late/late-button.tsx';
import { useEngineInfo } from './engine-info.ts';

const EngineButton = lateButton('The choice of the backend', 'dialog', () => import('./EnginePopover.tsx'));

/** Shows where the market computes. The popover changes it. */
export function EngineChip() {
  const info = useEngineInfo();
  const text =
    info === null ? (
      'Engine'
    ) : (
      <>
        {info.backend === 'gpu' ? 'WebGPU' : 'CPU'} <b>{info.adapter}</b>
      </>
    );
  return <EngineButton trigger={{ className: 'chip', children: text }} />;
}
