import { saveBlob } from '../../charts/view/save.ts';

const PAD = 18;
const HEAD = 30;
const kept = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-opacity',
  'fill-opacity',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
] as const;

/** Saves what is seen as a picture of twice its size, with its title. */
export async function savePng(svg: SVGSVGElement, title: string, name: string): Promise<void> {
  const { width, height } = svg.getBoundingClientRect();
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  // A picture on its own has no style sheet.
  const originals = svg.querySelectorAll<SVGElement>('*');
  copy.querySelectorAll<SVGElement>('*').forEach((element, k) => {
    const style = getComputedStyle(originals[k]);
    for (const property of kept) element.style.setProperty(property, style.getPropertyValue(property));
  });
  const url = URL.createObjectURL(
    new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' }),
  );
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(2 * (width + 2 * PAD), 2 * (height + 2 * PAD + HEAD));
    const ctx = canvas.getContext('2d');
    if (ctx === null) throw new Error('the browser gave no 2D context for the picture');
    const body = getComputedStyle(document.body);
    const root = getComputedStyle(document.documentElement);
    ctx.scale(2, 2);
    ctx.fillStyle = root.getPropertyValue('--bg');
    ctx.fillRect(0, 0, width + 2 * PAD, height + 2 * PAD + HEAD);
    ctx.fillStyle = body.color;
    ctx.font = `600 15px ${body.fontFamily}`;
    ctx.fillText(title, PAD, PAD + 14);
    ctx.drawImage(image, PAD, PAD + HEAD, width, height);
    saveBlob(await canvas.convertToBlob({ type: 'image/png' }), `halfsecond-${name}.png`);
  } finally {
    URL.revokeObjectURL(url);
  }
}
