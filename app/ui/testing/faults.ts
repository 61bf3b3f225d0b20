interface Box {
  readonly text: string;
  readonly part: Element | null;
  readonly rect: DOMRect;
}

/** Parts of the page in which no two texts may overlap. */
const parts =
  '.instrument, .enlarged, .topbar, .transport, .figures, .legend, .headline, .rail-foot, .embed-foot, .embed .notices, .room-start';

/** What is wrong with the texts that can be seen. */
export function faults(root: HTMLElement, where: string): string[] {
  const found: string[] = [];
  const boxes: Box[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent?.trim() ?? '';
    if (element === null || text === '' || isUnseen(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      if (rect.width < 1 || rect.height < 1) continue;
      const cutter = cutterOf(element, rect);
      if (cutter === SCROLLED) continue;
      if (cutter !== null) found.push(`"${text}" is cut off by ${cutter} (${where})`);
      boxes.push({ text, part: element.closest(parts), rect });
    }
  }
  boxes.forEach((a, i) => {
    for (const b of boxes.slice(i + 1))
      if (a.part !== null && a.part === b.part && overlap(a.rect, b.rect))
        found.push(`"${a.text}" overlaps "${b.text}" (${where})`);
  });
  return found;
}

const isUnseen = (element: Element) =>
  element.closest('.visually-hidden, .chart-unseen, [hidden], option, .chart-tip') !== null ||
  !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) ||
  getComputedStyle(element).clipPath === 'inset(50%)';

/** Text that scrolling brings into sight. */
const SCROLLED = Symbol('scrolled away');

/** The element outside of which this text is not shown and cannot be scrolled to. */
function cutterOf(element: Element, rect: DOMRect): string | typeof SCROLLED | null {
  let scrolls = false;
  for (let up: Element | null = element; up !== null && up !== document.body; up = up.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(up);
    const frame = up.getBoundingClientRect();
    const beside = rect.left < frame.left - 1.5 || rect.right > frame.right + 1.5;
    const beyond = rect.top < frame.top - 3 || rect.bottom > frame.bottom + 3;
    if (/hidden|clip/.test(overflowX) && beside) return up.className.toString();
    if (/auto|scroll/.test(overflowX) && beside) return SCROLLED;
    if (/auto|scroll/.test(overflowY) && (rect.bottom < frame.top || rect.top > frame.bottom))
      return SCROLLED;
    scrolls ||= /auto|scroll/.test(overflowY);
    if (/hidden|clip/.test(overflowY) && beyond && !scrolls) return up.className.toString();
  }
  return rect.left < -1 || rect.right > window.innerWidth + 1 ? 'the window' : null;
}

/** A line of text is higher than its letters. */
function overlap(a: DOMRect, b: DOMRect): boolean {
  const [ink, other] = [0.3 * a.height, 0.3 * b.height];
  const [ay, by] = [a.top + a.height / 2, b.top + b.height / 2];
  return a.left < b.right - 1 && b.left < a.right - 1 && Math.abs(ay - by) < ink + other;
}
