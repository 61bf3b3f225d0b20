import { useStatus } from '../../state/status-store.ts';
import { lateButton } from '../late/late-button.tsx';

const EngineButton = lateButton('The choice of the backend', 'dialog', () => import('./EnginePopover.tsx'));

/** Where the market computes; null before it has started. */
export function useEngineInfo() {
  const started = useStatus((s) => s.info);
  const runsOn = useStatus((s) => s.status?.runsOn);
  return started === null ? null : { ...started, ...runsOn };
}

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
