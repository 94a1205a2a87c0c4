import { oneLine } from './plainText.ts';

const width = 160;
const height = 10;
/** An image can't read the theme: each has a contrast of 3:1 on dark, light and high-contrast hovers. */
const fills = { plenty: '#0078d4', little: '#c25e00' } as const;
const outline = '#767676';

/** Markdown: a bar that is filled by what is left, from 0 to 1. `alt` has the numbers, in plain text. */
export function barImage(left: number, fill: keyof typeof fills, alt: string): string {
  const filled = Number((Math.min(1, Math.max(0, left)) * width).toFixed(1));
  const svg =
    `<svg xmlns='http://www.w3.org/2000/svg' width='${width}' height='${height}'>` +
    `<rect width='${filled}' height='${height}' fill='${fills[fill]}'/>` +
    `<rect x='.5' y='.5' width='${width - 1}' height='${height - 1}' fill='none' stroke='${outline}'/></svg>`;
  // VS Code leaves backslashes in an alt text
  const text = oneLine(alt).replace(/[!-/:-@[-`{-~]/g, mark => `&#${mark.charCodeAt(0)};`);
  return `![${text}](data:image/svg+xml,${encodeURIComponent(svg)})`;
}
