import { useMemo } from 'react';
import { count } from '../../state/format.ts';
import { nameInText } from '../names.ts';
import { useTrain } from '../state/store.ts';
import { lossTables } from '../state/tables.ts';
import { CostSection } from './CostSection.tsx';
import { ModelList } from './ModelList.tsx';
import { RoomChart } from '../../room/RoomChart.tsx';
import { SettingsColumn } from './SettingsColumn.tsx';

/** On the left the settings of a training, on the right its progress and the models. */
export function TrainPanel() {
  return (
    <div className="room-grid">
      <SettingsColumn />
      <div className="room-main">
        <Facts />
        <Loss />
        <ModelList />
        <CostSection />
      </div>
    </div>
  );
}

function Loss() {
  const live = useTrain((s) => s.live);
  const points = useTrain((s) => s.points);
  const order = useTrain((s) => s.order);
  const [name, kind] = [order?.name ?? '', order?.kind ?? 'family'];
  const tables = useMemo(() => lossTables(name, kind, points, live), [name, kind, points, live]);
  const title = name === '' ? 'How does it learn?' : `How ${nameInText(name)} learns`;
  return <RoomChart title={title} view="training-loss" tables={tables} />;
}

const deviceText = { webgpu: 'WebGPU', wasm: 'WebAssembly', cpu: 'the CPU' } as const;

function Facts() {
  const place = useTrain((s) => s.place);
  const losses = useTrain((s) => s.losses);
  const facts = useTrain((s) => s.facts);
  if (facts === null && place === null && losses.length === 0) return null;
  return (
    <div className="train-facts">
      {facts !== null && (
        <p>
          {count(facts.chats)} chats of {count(facts.people)} people: {count(facts.train)} train,{' '}
          {count(facts.validation)} later ones validate, and {count(facts.test)} still later ones judge.
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
