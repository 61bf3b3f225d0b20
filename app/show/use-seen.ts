import { useEffect, useState, type RefObject } from 'react';

/** Whether an element is on the screen: of the window, or of the page around this frame. */
export function useSeen(element: RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const node = element.current;
    if (node === null) return;
    let inView = false;
    const tell = () => setSeen(inView && document.visibilityState === 'visible');
    const observer = new IntersectionObserver((entries) => {
      inView = entries.at(-1)?.isIntersecting ?? false;
      tell();
    });
    observer.observe(node);
    document.addEventListener('visibilitychange', tell);
    return () => {
      observer.disconnect();
      document.removeEventListener('visibilitychange', tell);
    };
  }, [element]);
  return seen;
}
