import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import { useExperiment } from '../state/store.ts';
import { useOutcomes } from '../use-outcomes.ts';
import { metricWords } from '../words.ts';

/** The metric that the room shows. All of them are computed, so that a change needs no new run. */
export function MetricChoice() {
  const metric = useExperiment((s) => s.metric);
  const outcomes = useOutcomes();
  return (
    <div className="metric-choice">
      <span className="knob-label" aria-hidden="true">
        Measured by
      </span>
      <ToggleGroup
        className="choices"
        aria-label="Measured by"
        value={[metric]}
        onValueChange={([next]) => {
          if (next !== undefined) useExperiment.setState({ metric: next });
        }}
      >
        {outcomes.map((name) => (
          <Toggle key={name} value={name} className="choice" title={metricWords[name].text}>
            {metricWords[name].name}
          </Toggle>
        ))}
      </ToggleGroup>
    </div>
  );
}
