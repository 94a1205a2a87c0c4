import { pictureLegend } from './pictureLegend.ts';

/** Properties that a style sheet may set on a chart's shapes and texts. */
const shownProperties = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
] as const;

const space = 16;
const titleHeight = 28;
/** Sharp on a screen with small pixels, too. */
const scale = 2;

/** A panel's chart and legend as a PNG in base64, in the colours of the theme; undefined where the host forbids it. */
export async function chartPicture(panel: Element, title: string): Promise<string | undefined> {
  const chart = panel.querySelector<SVGSVGElement>('svg.chart');
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (!chart || !context) return;
  const [width, height] = [chart.clientWidth, chart.clientHeight];
  const legend = pictureLegend(panel, height, width);
  const drawnHeight = height + legend.height;
  canvas.width = (width + 2 * space) * scale;
  canvas.height = (drawnHeight + titleHeight + 2 * space) * scale;
  context.scale(scale, scale);
  const page = getComputedStyle(document.body);
  context.fillStyle = page.backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = page.color;
  context.font = `600 14px ${page.fontFamily}`;
  context.fillText(title, space, space + 14);
  try {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standalone(chart, legend.part, drawnHeight))}`;
    await image.decode();
    context.drawImage(image, space, space + titleHeight);
    return canvas.toDataURL('image/png').replace(/^[^,]*,/, '');
  } catch {
    return;
  }
}

/** The chart's source with its computed style as attributes: a picture has no style sheet. */
function standalone(chart: SVGSVGElement, legend: SVGElement, height: number): string {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  for (const seenOnce of copy.querySelectorAll('foreignObject, .cursor-band, .cursor-line, .dot')) {
    seenOnce.remove();
  }
  const patterns = document.querySelector('.patterns defs');
  if (patterns) copy.prepend(patterns.cloneNode(true));
  copy.append(legend);
  copy.setAttribute('height', String(height));
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  // in the page for a moment, where the style sheet applies
  chart.after(copy);
  setStyle(copy);
  copy.remove();
  return new XMLSerializer().serializeToString(copy);
}

function setStyle(element: Element): void {
  const style = getComputedStyle(element);
  for (const name of shownProperties) element.setAttribute(name, style.getPropertyValue(name));
  for (const child of element.children) setStyle(child);
}
