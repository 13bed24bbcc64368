// runs/point-cursor.ts
// Purpose: the place of a point in its series as an opaque cursor, and back.
// Why: JSON would lose ±Infinity, and a page must go on exactly where the last one ended.
// Relevant files: runs/points.ts, runs/series-api.ts

import { badField } from '../shared/errors.ts';
import type { PointPlace } from './points.ts';

export function placeText(place: PointPlace): string {
  return Buffer.from(place.join(' ')).toString('base64url');
}

export function parsePlace(cursor: string): PointPlace {
  const parts = Buffer.from(cursor, 'base64url').toString().split(' ');
  const [step = NaN, timestamp = NaN, value = NaN, kind = NaN] = parts.map((part) =>
    part === '' ? NaN : Number(part),
  );
  const isPlace = parts.length === 4 && [step, timestamp, kind].every(Number.isSafeInteger) && !Number.isNaN(value);
  if (!isPlace) throw badField('?cursor', 'is not a cursor of this list');
  return [step, timestamp, value, kind];
}
