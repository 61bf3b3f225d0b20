import { Tooltip } from '@base-ui/react/tooltip';
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

/** Time under the pointer until a tooltip opens, milliseconds. */
const DELAY_MS = 350;
/** The tooltip of the next button opens at once within this time, milliseconds. */
const NEXT_MS = 400;

/** One tooltip for the whole page: the name of the icon button under the pointer or the focus. */
export default function startTips(): void {
  createRoot(document.body.appendChild(document.createElement('div'))).render(<Tip />);
}

const buttonOf = (event: Event) =>
  event.target instanceof Element ? event.target.closest<HTMLElement>('[data-tip]') : null;

function Tip() {
  const [button, setButton] = useState<HTMLElement | null>(null);
  useEffect(() => follow(setButton), []);
  if (button === null) return null;
  const { tip, keys } = button.dataset;
  return (
    <Tooltip.Root open onOpenChange={(open) => !open && setButton(null)}>
      <Tooltip.Portal>
        <Tooltip.Positioner anchor={button} sideOffset={6}>
          <Tooltip.Popup className="tooltip">
            {tip}
            {keys !== undefined && <kbd>{keys}</kbd>}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

/** Tells which button shows its tooltip, until the returned function is called. */
function follow(show: (button: HTMLElement | null) => void): () => void {
  let over: HTMLElement | null = null;
  let closed = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown = false;
  const open = (button: HTMLElement) => {
    shown = true;
    show(button);
  };
  const close = (event: Event) => {
    clearTimeout(timer);
    if (shown) closed = event.timeStamp;
    shown = false;
    show(null);
  };
  const enter = (event: PointerEvent) => {
    const button = buttonOf(event);
    if (button === over || event.pointerType === 'touch') return;
    over = button;
    close(event);
    if (button === null) return;
    if (event.timeStamp - closed < NEXT_MS) open(button);
    else timer = setTimeout(() => open(button), DELAY_MS);
  };
  const focus = (event: FocusEvent) => {
    const button = buttonOf(event);
    if (button?.matches(':focus-visible') === true) open(button);
  };
  const listeners = new AbortController();
  const { signal } = listeners;
  document.addEventListener('pointerover', enter, { signal });
  document.addEventListener('focusin', focus, { signal });
  for (const name of ['focusout', 'pointerdown', 'pointerleave'])
    document.addEventListener(name, close, { signal });
  return () => {
    clearTimeout(timer);
    listeners.abort();
  };
}
