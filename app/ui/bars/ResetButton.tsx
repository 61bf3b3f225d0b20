import { Menu } from '@base-ui/react/menu';
import { useStatus } from '../../state/status-store.ts';
import { Icon } from '../Icon.tsx';
import { IconButton } from '../IconButton.tsx';
import { useSession } from '../session-context.ts';

const LABEL = 'The same evening from the start';

/** Starts the evening again. Where its policy was changed, it asks what of that to keep. */
export function ResetButton() {
  const session = useSession();
  const changes = useStatus((s) => s.status?.changes.length ?? 0);
  if (changes === 0)
    return (
      <IconButton
        id="reset"
        className="round"
        icon="reset"
        label={LABEL}
        keys="R"
        onClick={() => session.reset('forget')}
      />
    );
  return (
    <Menu.Root>
      <Menu.Trigger id="reset" className="icon-button round" aria-label={LABEL} title={`${LABEL} (R)`}>
        <Icon name="reset" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="positioner" side="top" align="start" sideOffset={6}>
          <Menu.Popup className="menu">
            <Menu.Item className="menu-item" onClick={() => session.reset('repeat')}>
              Repeat it with{' '}
              {changes === 1 ? 'your change at its time' : `your ${changes} changes at their times`}
            </Menu.Item>
            <Menu.Item className="menu-item" onClick={() => session.reset('forget')}>
              Start with the policy as it is now
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
