import { Menu } from '@base-ui/react/menu';
import { useUi, type Panel } from '../../state/ui-store.ts';

const rooms: readonly { readonly panel: NonNullable<Panel>; readonly text: string }[] = [
  { panel: 'experiment', text: 'Experiment' },
  { panel: 'train', text: 'Train' },
  { panel: 'import', text: 'Your data' },
  { panel: 'lessons', text: 'Lessons' },
];

/** The rooms beside the market, in one menu: a phone has no space for their buttons. */
export function RoomsMenu() {
  const open = useUi((s) => s.open);
  return (
    <Menu.Root>
      <Menu.Trigger className="link">Rooms</Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="positioner" align="end" sideOffset={6}>
          <Menu.Popup className="menu">
            {rooms.map(({ panel, text }) => (
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
