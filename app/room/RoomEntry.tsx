import { useState, type ComponentType } from 'react';
import { useUi, type Panel } from '../state/ui-store.ts';
import { late } from '../ui/late/late.tsx';

/**
 * The place of a room in the page. The room, and its code with it, is mounted from its first
 * opening on: its work goes on while it is closed.
 */
export function roomEntry(
  panel: NonNullable<Panel>,
  what: string,
  load: () => Promise<{ default: ComponentType }>,
  when: 'asked' | 'soon' = 'asked',
): ComponentType {
  const Room = late(what, load, 'card', when);
  return function RoomEntry() {
    const open = useUi((s) => s.panel === panel);
    const show = useUi((s) => s.open);
    const [wanted, setWanted] = useState(false);
    if (open && !wanted) setWanted(true);
    const close = () => {
      setWanted(false);
      show(null);
    };
    return wanted || open ? <Room onClose={close} /> : null;
  };
}
