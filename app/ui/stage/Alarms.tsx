import type { Side } from '../../engine/api.ts';
import { count } from '../../state/format.ts';
import { livePolicy, useScenario } from '../../state/scenario-store.ts';
import { useStatus } from '../../state/status-store.ts';
import { useUi } from '../../state/ui-store.ts';
import { Icon } from '../Icon.tsx';

/** What goes wrong in the market, why, and a remedy. */
export function Alarms({ side }: { side: Side }) {
  const alarms = useStatus((s) => s.status?.[side]?.alarms);
  const threshold = useScenario((s) => livePolicy(s, side)?.threshold ?? 0);
  const set = useScenario((s) => s.set);
  const mystery = useUi((s) => s.mystery);
  if (mystery || alarms === undefined || alarms.length === 0) return null;
  // Late ticks have other causes. All other alarms may come from a threshold that is too high.
  const byThreshold = threshold > 0 && alarms.some((alarm) => alarm.kind !== 'late-ticks');
  return (
    <div className="alarms" role="alert">
      {alarms.map((alarm) => (
        <p key={alarm.kind} className="alarm">
          <Icon name="warn" size={16} />
          <span>{alarm.text}</span>
        </p>
      ))}
      {byThreshold && (
        <button type="button" className="button primary" onClick={() => set('policy.threshold', 0, side)}>
          Lower the threshold from {count(threshold)} to 0
        </button>
      )}
    </div>
  );
}
