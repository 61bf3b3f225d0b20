import { Popover } from '@base-ui/react/popover';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { useExperimentLink } from '../../experiment/address.ts';
import { recordRun } from '../../run/run-link.ts';
import { count } from '../../state/format.ts';
import { linkToPage } from '../../state/hash.ts';
import { useScenario } from '../../state/scenario-store.ts';
import { useUi } from '../../state/ui-store.ts';
import type { LateButtonProps } from '../late/late-button.tsx';

interface Shared {
  readonly link: string;
  /** The tick at which the link stops; null: it opens the evening from its start. */
  readonly tick: number | null;
}

/**
 * Copies a link to this moment of the evening: scenario, size, policies, changes, seed, backend,
 * tick and digest. If copying is forbidden, the link is shown in a field.
 */
export default function SharePopover({ trigger }: LateButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <Popover.Root defaultOpen>
      <Popover.Trigger {...trigger} />
      <Popover.Portal>
        <Popover.Positioner className="positioner" sideOffset={8} align="end">
          <Popover.Popup className="popover share" initialFocus={input}>
            <Link input={input} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** Copies the link when it appears. */
function Link({ input }: { input: RefObject<HTMLInputElement | null> }) {
  const [shared, setShared] = useState<Shared | null>(null);
  const [copied, setCopied] = useState<boolean | null>(null);
  const open = useUi((s) => s.open);
  const own = useScenario((s) => s.scenario.cast !== '');
  useEffect(() => {
    void currentLink().then(async (now) => {
      setShared(now);
      setCopied(await copy(now.link).catch(() => false));
    });
  }, []);
  return (
    <>
      <Popover.Title className="popover-title">
        {copied === null ? 'Copying the link' : copied ? 'The link is copied' : 'Copy this link'}
      </Popover.Title>
      <Popover.Description className="popover-text">
        It holds the evening with its size, its seed and what was changed while it ran: the same evening,
        person for person.
        {shared !== null &&
          shared.tick !== null &&
          ` It stops at tick ${count(shared.tick)} and says whether the digest agrees. The address bar has the link to its start.`}
        {own &&
          ' It needs the people from your files, which stay here: elsewhere, open the same files first.'}
      </Popover.Description>
      <input
        ref={input}
        className="share-link"
        aria-label="Link to this evening"
        readOnly
        value={shared?.link ?? ''}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Popover.Close className="button" onClick={() => open('run')}>
        Cite this run, or export its log
      </Popover.Close>
    </>
  );
}

async function currentLink(): Promise<Shared> {
  // An experiment has evenings of its own.
  const start = { link: linkToPage(), tick: null };
  if (useExperimentLink.getState().entries !== null) return start;
  return recordRun().catch(() => start);
}

async function copy(text: string): Promise<boolean> {
  if (!('clipboard' in navigator)) return false;
  await navigator.clipboard.writeText(text);
  return true;
}
