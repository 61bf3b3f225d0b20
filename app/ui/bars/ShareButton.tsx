import { lateButton } from '../late/late-button.tsx';

const LinkButton = lateButton('The link', 'dialog', () => import('./SharePopover.tsx'));

/** Shares this moment of the evening. */
export function ShareButton() {
  return <LinkButton trigger={{ id: 'share', className: 'link', children: 'Share' }} />;
}
