import { useStatus } from '../../state/status-store.ts';
import { Icon } from '../Icon.tsx';
import { IconButton } from '../IconButton.tsx';
import { MenuButton } from '../late/MenuButton.tsx';
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
    <MenuButton
      trigger={{
        id: 'reset',
        className: 'icon-button round',
        'aria-label': LABEL,
        title: `${LABEL} (R)`,
        children: <Icon name="reset" />,
      }}
      side="top"
      items={[
        {
          text: `Repeat it with ${changes === 1 ? 'your change at its time' : `your ${changes} changes at their times`}`,
          onClick: () => session.reset('repeat'),
        },
        { text: 'Start with the policy as it is now', onClick: () => session.reset('forget') },
      ]}
    />
  );
}
