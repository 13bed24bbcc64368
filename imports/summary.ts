// imports/summary.ts
// Purpose: an import's summary as plain text: a table of counts, notes, and what was left out and why.
// Why: people move house with this; they want to see that everything arrived.
// Relevant files: imports/tally.ts, imports/write.ts, imports/command.ts

import { formatCount, formatDuration } from '../shared/format.ts';
import { KINDS, readOf } from './tally.ts';
import type { ImportSummary } from './write.ts';

/** Of things left out for the same reason, this many are named. */
const NAMED_MAX = 5;
const HEAD = ['', 'read', 'written', 'already here', 'left out'];

export function formatSummary(summary: ImportSummary, ms: number): string {
  const blocks = [
    `Imported the ${summary.kind} ${summary.location} in ${formatDuration(ms)}.`,
    formatCounts(summary.counts),
  ];
  if (summary.notes.length > 0) blocks.push(list('Notes', summary.notes));
  if (summary.skipped.length > 0) blocks.push(list('Left out', leftOut(summary)));
  return blocks.join('\n\n');
}

function formatCounts(counts: ImportSummary['counts']): string {
  const rows = KINDS.map((kind) => {
    const { written, known, left } = counts[kind];
    return [kind, ...[readOf(counts[kind]), written, known, left].map(formatCount)];
  });
  const widths = HEAD.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  return [HEAD, ...rows].map(line).join('\n');
}

function list(title: string, lines: string[]): string {
  return [`${title}:`, ...lines.map((text) => `- ${text}`)].join('\n');
}

function leftOut({ skipped }: ImportSummary): string[] {
  const byReason = new Map<string, string[]>();
  for (const { what, why } of skipped) {
    const same = byReason.get(why);
    if (same) same.push(what);
    else byReason.set(why, [what]);
  }
  return [...byReason].map(([why, all]) => {
    const named = all.slice(0, NAMED_MAX);
    const more = all.length > named.length ? `, and ${formatCount(all.length - named.length)} more` : '';
    return `${named.join(', ')}${more}: ${why}`;
  });
}
