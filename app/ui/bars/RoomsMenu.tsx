import { useUi, type Panel } from '../../state/ui-store.ts';
import { MenuButton } from '../late/MenuButton.tsx';

const rooms: readonly {
  readonly panel: NonNullable<Panel>;
  /** Its name in a link that hides it. */
  readonly control: string;
  readonly text: string;
}[] = [
  { panel: 'experiment', control: 'experiment', text: 'Experiment' },
  { panel: 'train', control: 'train', text: 'Train' },
  { panel: 'import', control: 'data', text: 'Your data' },
  { panel: 'lessons', control: 'lessons', text: 'Lessons' },
];

/** The rooms beside the market, in one menu: a phone has no space for their buttons. */
export function RoomsMenu() {
  const open = useUi((s) => s.open);
  const hidden = useUi((s) => s.hidden);
  const offered = rooms.filter(({ control }) => !hidden.has(control));
  if (offered.length === 0) return null;
  return (
    <MenuButton
      trigger={{ className: 'link', children: 'Rooms' }}
      align="end"
      items={offered.map(({ panel, text }) => ({ text, onClick: () => open(panel) }))}
    />
  );
}
