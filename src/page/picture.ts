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

/** The chart as a PNG in base64, in the colours of the theme; undefined where the host forbids it. */
export async function chartPicture(chart: SVGSVGElement | null, title: string): Promise<string | undefined> {
  if (!chart) return;
  const canvas = document.createElement('canvas');
  const [width, height] = [chart.clientWidth + 2 * space, chart.clientHeight + titleHeight + 2 * space];
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.scale(scale, scale);
  const page = getComputedStyle(document.body);
  context.fillStyle = page.getPropertyValue('--vscode-editor-background') || '#fff';
  context.fillRect(0, 0, width, height);
  context.fillStyle = page.color;
  context.font = `600 14px ${page.fontFamily}`;
  context.fillText(title, space, space + 14);
  try {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standalone(chart))}`;
    await image.decode();
    context.drawImage(image, space, space + titleHeight);
    return canvas.toDataURL('image/png').replace(/^[^,]*,/, '');
  } catch {
    return;
  }
}

/** The chart's source with its computed style as attributes: a picture has no style sheet. */
function standalone(chart: SVGSVGElement): string {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  copyStyle(chart, copy);
  for (const tooltip of copy.querySelectorAll('foreignObject, .cursor-band, .cursor-line, .dot'))
    tooltip.remove();
  const patterns = document.querySelector('.patterns defs');
  if (patterns) {
    const defs = patterns.cloneNode(true) as SVGElement;
    copyStyle(patterns, defs);
    copy.prepend(defs);
  }
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return new XMLSerializer().serializeToString(copy);
}

function copyStyle(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  for (const name of shownProperties) to.setAttribute(name, style.getPropertyValue(name));
  for (const [index, child] of [...from.children].entries()) {
    const copy = to.children[index];
    if (copy) copyStyle(child, copy);
  }
}
