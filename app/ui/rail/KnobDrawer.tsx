import type { Side } from '../../engine/api.ts';
import { Dialog } from '@base-ui/react/dialog';
import { useId, useRef, useState } from 'react';
import { isPolicy, type Knob } from '../../state/knobs.ts';
import { useScenario, useShownKnobs } from '../../state/scenario-store.ts';
import { useUi } from '../../state/ui-store.ts';
import { Icon } from '../Icon.tsx';
import { Soon } from '../late/Soon.tsx';
import { KnobControl } from './KnobControl.tsx';

const groupNames: Readonly<Record<string, string>> = {
  '': 'Evening',
  population: 'People',
  'population.countries': 'Countries',
  'population.ages': 'Ages',
  behaviour: 'Behaviour',
  'behaviour.talkOf': 'How long countries talk',
  policy: 'Policy',
  shock: 'Shock',
  feed: 'Feed between two chats',
  tray: 'Tray in a chat',
};

/**
 * All knobs by group, with a search. The page stays usable, so that the effect of a change is
 * visible.
 */
export default function KnobDrawer() {
  const isOpen = useUi((s) => s.panel === 'knobs');
  const open = useUi((s) => s.open);
  const side = useUi((s) => s.side);
  const comparing = useScenario((s) => s.other !== null);
  const [query, setQuery] = useState('');
  const searchId = useId();
  const search = useRef<HTMLInputElement>(null);
  const shown = useShownKnobs();
  const found = shown.filter((knob) => matches(knob, query));
  const groups = [...new Set(found.map((knob) => knob.group))];
  return (
    <Dialog.Root
      open={isOpen}
      modal={false}
      disablePointerDismissal
      onOpenChange={(next) => open(next ? 'knobs' : null)}
    >
      <Dialog.Portal>
        <Dialog.Popup className="drawer" initialFocus={search}>
          <div className="dialog-head">
            <Dialog.Title className="dialog-title">All knobs</Dialog.Title>
            <Dialog.Close className="icon-button" aria-label="Close">
              <Icon name="close" />
            </Dialog.Close>
          </div>
          <div className="search">
            <Icon name="search" size={16} />
            <label className="visually-hidden" htmlFor={searchId}>
              Search the knobs
            </label>
            <input
              ref={search}
              id={searchId}
              type="search"
              placeholder={`Search ${shown.length} knobs`}
              value={query}
              onChange={(event) => setQuery(event.target.value)}
            />
          </div>
          <div className="drawer-scroll">
            {groups.map((group, i) => (
              <Soon key={group} turn={i}>
                <section className="knob-group" aria-label={`Knobs: ${groupNames[group] ?? group}`}>
                  <h3>
                    {groupNames[group] ?? group}
                    {group === 'policy' && comparing && ` ${side === 'main' ? 'A' : 'B'}`}
                  </h3>
                  {found
                    .filter((knob) => knob.group === group)
                    .map((knob) => (
                      <KnobControl
                        key={`${sideOf(knob, side, comparing)}:${knob.path}`}
                        path={knob.path}
                        side={sideOf(knob, side, comparing)}
                        verbose
                      />
                    ))}
                </section>
              </Soon>
            ))}
            {found.length === 0 && <p className="nothing">No knob has “{query}” in its name or help.</p>}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function sideOf(knob: Knob, side: Side, comparing: boolean): Side {
  return comparing && isPolicy(knob.path) ? side : 'main';
}

/** Whether every word of the query occurs in the knob's name, help, options or group. */
function matches(knob: Knob, query: string): boolean {
  const text = [
    knob.path,
    knob.info.label,
    knob.info.help,
    groupNames[knob.group],
    ...(knob.info.options ?? []).flatMap((o) => [o.label, o.help]),
  ]
    .join(' ')
    .toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
