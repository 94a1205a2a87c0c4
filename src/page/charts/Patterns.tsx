import { allLooks } from './seriesLook.ts';

const size = 6;
/** What is drawn over a colour, so that series can be told apart without it. The first look has none. */
const marks = [
  'M-1,1l2,-2M0,6l6,-6M5,7l2,-2',
  'M1.5,1.5h1.5v1.5h-1.5zM4.5,4.5h1.5v1.5h-1.5z',
  'M-1,5l2,2M0,0l6,6M5,-1l2,2',
  'M0,3h6',
  'M0,3h6M3,0v6',
];

/** The fills of all series, once for the page; the style sheet says which theme uses which. */
export function Patterns() {
  return (
    <svg class="patterns" width="0" height="0" aria-hidden="true">
      <defs>
        {allLooks.map((look, index) => (
          <pattern key={look} id={`fill-${look}`} width={size} height={size} patternUnits="userSpaceOnUse">
            <rect class={`ground ${look}-color`} width={size} height={size} />
            {index > 0 && <path class="mark-shape" d={marks[(index - 1) % marks.length]} />}
          </pattern>
        ))}
      </defs>
    </svg>
  );
}
