// imports/seed-files.ts
// Purpose: artifacts of a seeded run: a log, its settings as JSON, its history as CSV, a picture of what it learned.
// Why: previews of text, JSON, tables and images have something true to show.
// Relevant files: imports/seed-states.ts, imports/seed-training.ts

import { crc32, deflateSync } from 'node:zlib';
import type { SourceArtifact } from './records.ts';
import { probability, type Epoch, type Training, type Weights } from './seed-training.ts';

const PIXELS = 64;
/** RGB of probability 0 and of probability 1. */
const [LOW, HIGH] = [
  [194, 80, 10],
  [11, 98, 196],
];

export function filesOf(options: Training, epochs: Epoch[], weights: Weights): SourceArtifact[] {
  const keys = Object.keys(epochs[0] ?? {}) as (keyof Epoch)[];
  const rows = epochs.map((epoch, i) => [i, ...keys.map((key) => epoch[key])].join(','));
  const log = epochs.map((epoch, i) => `epoch ${i}: loss ${epoch['val/loss'].toFixed(4)}`);
  return [
    {
      path: 'config.json',
      file: Buffer.from(`${JSON.stringify({ model: 'logistic regression', ...options }, null, 2)}\n`),
    },
    { path: 'history.csv', file: Buffer.from(`${['epoch', ...keys].join(',')}\r\n${rows.join('\r\n')}\r\n`) },
    { path: 'logs/training.txt', file: Buffer.from(`${log.join('\n')}\n`) },
    { path: 'plots/decision.png', file: decisionMap(weights) },
  ];
}

/** The model's probability over the plane from −3 to 3, as a picture of 64 × 64 pixels. */
function decisionMap(weights: Weights): Buffer {
  const place = (pixel: number): number => (pixel / (PIXELS - 1)) * 6 - 3;
  const lines = Array.from({ length: PIXELS }, (_, row) => {
    const colours = Array.from({ length: PIXELS }, (_, column) =>
      mix(probability(weights, place(column), -place(row))),
    );
    // Each line of a PNG begins with its filter: 0, none.
    return [0, ...colours.flat()];
  });
  return png(Buffer.from(lines.flat()));
}

function mix(share: number): number[] {
  return (LOW ?? []).map((low, i) => Math.round(low + share * ((HIGH?.[i] ?? 0) - low)));
}

/** PNG (ISO/IEC 15948) of PIXELS × PIXELS, 8 bits each of red, green and blue. */
function png(lines: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(PIXELS, 0);
  header.writeUInt32BE(PIXELS, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
