import { useStatus } from '../../state/status-store.ts';

/** Where the market computes; null before it has started. */
export function useEngineInfo() {
  const started = useStatus((s) => s.info);
  const runsOn = useStatus((s) => s.status?.runsOn);
  return started === null ? null : { ...started, ...runsOn };
}
