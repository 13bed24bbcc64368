// runs/curves/chart-path.ts
// Purpose: lines, bands and dots as SVG path data, in relative steps of a tenth of a unit.
// Why: half the bytes of absolute coordinates; a page with 27 curves stays small.
// Relevant files: runs/curves/chart-svg.ts

export type Place = readonly [x: number, y: number];

/** Runs of neighbours that can be drawn; null is a gap. */
export function stretches<T>(items: readonly (T | null)[]): T[][] {
  const found: T[][] = [];
  let open: T[] = [];
  for (const item of [...items, null]) {
    if (item !== null) open.push(item);
    else if (open.length > 0) {
      found.push(open);
      open = [];
    }
  }
  return found;
}

/** `M44 10l1.6-3.2 1.6.4`. Rounded before taking differences, so that errors do not add up. */
export function pathOf(places: readonly Place[]): string {
  let [lastX, lastY] = [0, 0];
  let path = '';
  for (let index = 0; index < places.length; index += 1) {
    const [x, y] = places[index] ?? [0, 0];
    const [tenthX, tenthY] = [Math.round(x * 10), Math.round(y * 10)];
    const [dx, dy] = [tenthX - lastX, tenthY - lastY];
    [lastX, lastY] = [tenthX, tenthY];
    const command = index === 0 ? 'M' : index === 1 ? 'l' : dx < 0 ? '' : ' ';
    path += `${command}${tenths(dx)}${dy < 0 ? '' : ' '}${tenths(dy)}`;
  }
  return path;
}

/** The area between two lines: along the first, back along the second. */
export function bandOf(upper: readonly Place[], lower: readonly Place[]): string {
  return `${pathOf([...upper, ...[...lower].reverse()])}z`;
}

/** 16 → `1.6`, −4 → `-.4`; a page of curves writes the same few thousand again and again. */
function tenths(n: number): string {
  if (n > -KNOWN && n < KNOWN) return (known[n + KNOWN] ??= tenthsOf(n));
  return tenthsOf(n);
}

const KNOWN = 2_400;
const known: string[] = [];

function tenthsOf(n: number): string {
  return String(n / 10).replace(/^(-?)0\./, '$1.');
}
