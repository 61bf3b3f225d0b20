const paths = {
  play: 'M7 5.2v13.6L18.5 12Z',
  pause: 'M7 5h3.6v14H7Zm6.4 0H17v14h-3.6Z',
  step: 'M6 5.2v13.6L15.5 12ZM16.2 5H18.6v14h-2.4Z',
  reset: 'M12 5a7 7 0 1 1-6.6 4.7M4.6 4.8v5h5',
  expand: 'M9.5 4.5h-5v5M14.5 4.5h5v5M9.5 19.5h-5v-5M14.5 19.5h5v-5',
  close: 'M6 6l12 12M18 6 6 18',
  left: 'M14.5 6 8.5 12l6 6',
  right: 'M9.5 6l6 6-6 6',
  down: 'M6 9.5l6 6 6-6',
  up: 'M6 14.5l6-6 6 6',
  undo: 'M8.5 5.5 4.5 9.5l4 4M5 9.5h8.5a5 5 0 0 1 0 10H9',
  redo: 'M15.5 5.5l4 4-4 4M19 9.5h-8.5a5 5 0 0 0 0 10H15',
  dice: 'M5 5h14v14H5ZM9 9h.01M15 9h.01M12 12h.01M9 15h.01M15 15h.01',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4',
  moon: 'M19.5 14.2A8 8 0 1 1 9.8 4.5a6.4 6.4 0 0 0 9.7 9.7Z',
  auto: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM12 4v16',
  help: 'M9.2 9.3a2.9 2.9 0 1 1 4.3 2.5c-1 .6-1.5 1.1-1.5 2.2M12 17.4h.01',
  search: 'M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12ZM15 15l5 5',
  warn: 'M12 4 21 19.5H3ZM12 10v4.5M12 17h.01',
  panels: 'M4 5h16v14H4ZM14 5v14',
} as const;
const filled = new Set<string>(['play', 'pause', 'step']);

export type IconName = keyof typeof paths;

/** A decorative icon. The button around it carries the accessible name. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {filled.has(name) ? (
        <path d={paths[name]} fill="currentColor" />
      ) : (
        <path
          d={paths[name]}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.8"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      )}
    </svg>
  );
}
