import { Popover } from '@base-ui/react/popover';
import { useRef, useState } from 'react';
import { linkToPage } from '../../state/hash.ts';

/**
 * Copies a link to this evening: scenario, size, policies and seed. If copying is forbidden, the
 * link is shown in a field.
 */
export function ShareButton() {
  const [link, setLink] = useState('');
  const [copied, setCopied] = useState<boolean | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const share = (open: boolean) => {
    if (!open) return;
    const text = linkToPage();
    setLink(text);
    setCopied(null);
    copy(text).then(setCopied, () => setCopied(false));
  };
  return (
    <Popover.Root onOpenChange={share}>
      <Popover.Trigger className="link">Share</Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="positioner" sideOffset={8} align="end">
          <Popover.Popup className="popover share" initialFocus={input}>
            <Popover.Title className="popover-title">
              {copied === null ? 'Copying the link' : copied ? 'The link is copied' : 'Copy this link'}
            </Popover.Title>
            <Popover.Description className="popover-text">
              It holds the scenario with its size, the policies and the seed: the same evening, person for
              person.
            </Popover.Description>
            <input
              ref={input}
              className="share-link"
              aria-label="Link to this evening"
              readOnly
              value={link}
              onFocus={(event) => event.currentTarget.select()}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

async function copy(text: string): Promise<boolean> {
  if (!('clipboard' in navigator)) return false;
  await navigator.clipboard.writeText(text);
  return true;
}
