import { useStatus, type Notice } from '../../state/status-store.ts';
import { IconButton } from '../IconButton.tsx';

/** Notices, newest first. Each stays until it is dismissed. */
export function Notices() {
  const own = useStatus((s) => s.notices);
  const engine = useStatus((s) => s.status?.notices);
  const dismissed = useStatus((s) => s.dismissed);
  const dismiss = useStatus((s) => s.dismiss);
  const info = useStatus((s) => s.info);
  const all: Notice[] = [
    ...[...own].reverse(),
    ...(engine ?? []).map((text) => ({ id: text, text })),
    ...backendNotices(info),
  ].filter((notice) => !dismissed.has(notice.id));
  return (
    <div className="notices" role="status" aria-live="polite">
      {all.slice(0, 3).map((notice) => (
        <p key={notice.id} className="notice">
          <span>{notice.text}</span>
          {notice.action !== undefined && (
            <button
              type="button"
              className="button"
              onClick={() => {
                dismiss(notice.id);
                notice.action?.run();
              }}
            >
              {notice.action.text}
            </button>
          )}
          <IconButton icon="close" label="Dismiss" size={14} onClick={() => dismiss(notice.id)} />
        </p>
      ))}
    </div>
  );
}

function backendNotices(info: ReturnType<typeof useStatus.getState>['info']): Notice[] {
  if (info === null || info.note === '') return [];
  return [{ id: `backend:${info.note}`, text: sentence(info.note) }];
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
