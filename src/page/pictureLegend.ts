const lineHeight = 20;
const charWidth = 6.6;
const keyWidth = 18;
const gap = 18;
const svg = 'http://www.w3.org/2000/svg';

/** A chart's legend as SVG below `top`, without what is switched off, and how high it is. */
export function pictureLegend(
  picture: Element,
  top: number,
  width: number,
): { part: SVGElement; height: number } {
  const part = document.createElementNS(svg, 'g');
  let [x, line] = [0, 1];
  for (const item of picture.querySelectorAll('.legend li')) {
    const label = item.textContent ?? '';
    const key = item.querySelector('.swatch > *');
    if (!key || item.querySelector('[aria-pressed="false"]')) continue;
    const itemWidth = keyWidth + label.length * charWidth;
    if (x > 0 && x + itemWidth > width) [x, line] = [0, line + 1];
    const at = document.createElementNS(svg, 'g');
    at.setAttribute('transform', `translate(${x},${top + line * lineHeight - 10})`);
    const text = document.createElementNS(svg, 'text');
    text.textContent = label;
    text.setAttribute('x', String(keyWidth));
    text.setAttribute('y', '9');
    at.append(key.cloneNode(true), text);
    part.append(at);
    x += itemWidth + gap;
  }
  return { part, height: part.childElementCount === 0 ? 0 : line * lineHeight + 4 };
}
