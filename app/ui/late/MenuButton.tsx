import { lateButton } from './late-button.tsx';
import type { MenuButtonProps } from './OpenedMenu.tsx';

/** A button with a menu. */
export const MenuButton = lateButton<MenuButtonProps>('The menu', 'menu', () => import('./OpenedMenu.tsx'));
