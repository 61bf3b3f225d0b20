import { useRef } from 'react';
import { Dialog } from '@base-ui/react/dialog';
import { presets } from '../../../src/scenario/presets.ts';
import { openPreset } from '../../state/hash.ts';
import { useScenario } from '../../state/scenario-store.ts';
import { useUi } from '../../state/ui-store.ts';
import { PresetPicture } from './PresetPicture.tsx';
import { DialogFrame } from '../dialog/DialogFrame.tsx';

/** The presets, each with a name, a sentence and a picture. */
export default function PresetDialog() {
  const isOpen = useUi((s) => s.panel === 'presets');
  const open = useUi((s) => s.open);
  const current = useScenario((s) => s.scenario.name);
  const chosen = useRef<HTMLButtonElement>(null);
  return (
    <Dialog.Root open={isOpen} onOpenChange={(next) => open(next ? 'presets' : null)}>
      <DialogFrame name="presets" title="Choose an evening" initialFocus={chosen}>
        <ul className="preset-list">
          {presets.map((preset) => (
            <li key={preset.id}>
              <button
                type="button"
                ref={preset.name === current ? chosen : null}
                className="preset"
                aria-pressed={preset.name === current}
                onClick={() => {
                  openPreset(preset);
                  open(null);
                }}
              >
                <PresetPicture scenario={preset.scenario} />
                <span className="preset-words">
                  <b>{preset.name}</b>
                  <span>{preset.sentence}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
        <footer className="preset-foot">
          <button type="button" className="button wide" onClick={() => open('import')}>
            Your own people: two CSV or Parquet files
          </button>
        </footer>
      </DialogFrame>
    </Dialog.Root>
  );
}
