import { Menu } from '@base-ui/react/menu';
import { useUi, type Panel } from '../../state/ui-store.ts';

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
    <Menu.Root>
      <Menu.Trigger className="link">Rooms</Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="positioner" align="end" sideOffset={6}>
          <Menu.Popup className="menu">
            {offered.map(({ panel, text }) => (
              <Menu.Item key={panel} className="menu-item" onClick={() => open(panel)}>
                {text}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
