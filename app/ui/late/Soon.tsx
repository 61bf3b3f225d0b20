import { startTransition, useEffect, useState, type ReactNode } from 'react';

/**
 * Renders what it holds after the page around it, in a task of its own: whatever is measured while
 * it is mounted lays out this part alone. Parts with a larger `turn` come later.
 */
export function Soon({ turn, children }: { readonly turn: number; readonly children: ReactNode }) {
  const [left, setLeft] = useState(turn);
  useEffect(() => {
    if (left === 0) return;
    const timer = setTimeout(() => startTransition(() => setLeft(left - 1)));
    return () => clearTimeout(timer);
  }, [left]);
  return left > 0 ? null : children;
}
