// imports/tensorboard/hparams.ts
// Purpose: what the HParams plugin keeps of a run: its params, its state, when it began and ended.
// Why: event files have no other place for them.
// Relevant files: imports/tensorboard/wire.ts, imports/tensorboard/survey.ts

import { RunStatus } from '../../runs/models.ts';
import { Wire, WireError } from './wire.ts';

export interface Session {
  params: [string, string][];
  status?: RunStatus;
  /** ms since the epoch */
  start?: number;
  end?: number;
}

/** Lists in lists; who wrote more wants to see the stack overflow. */
const DEPTH_MAX = 50;

/** By the number in the plugin's Status; 0 is unknown. */
const STATUSES = new Map<number, RunStatus>([
  [1, RunStatus.Finished],
  [2, RunStatus.Failed],
  [3, RunStatus.Running],
]);

/** `content` of a value of the plugin: a session's start, its end, or the experiment's list of hparams, which says nothing of a run. */
export function decodeHparams(content: Uint8Array): Session {
  const session: Session = { params: [] };
  const wire = new Wire(content);
  while (wire.next()) {
    if (wire.field === 3) addStart(session, wire.bytes());
    else if (wire.field === 4) addEnd(session, wire.bytes());
  }
  return session;
}

function addStart(session: Session, bytes: Uint8Array): void {
  const wire = new Wire(bytes);
  while (wire.next()) {
    if (wire.field === 1) session.params.push(decodeParam(wire.bytes()));
    else if (wire.field === 5) session.start = timeOf(wire.double());
  }
}

function addEnd(session: Session, bytes: Uint8Array): void {
  const wire = new Wire(bytes);
  while (wire.next()) {
    const status = wire.field === 1 ? STATUSES.get(wire.whole()) : undefined;
    if (status) session.status = status;
    if (wire.field === 2) session.end = timeOf(wire.double());
  }
}

function decodeParam(bytes: Uint8Array): [string, string] {
  const param: [string, string] = ['', ''];
  const wire = new Wire(bytes);
  while (wire.next()) {
    if (wire.field === 1) param[0] = wire.text();
    else if (wire.field === 2) {
      const value = decodeAny(wire.bytes());
      param[1] = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : JSON.stringify(value);
    }
  }
  return param;
}

/** google.protobuf.Value */
function decodeAny(bytes: Uint8Array, depth = 0): unknown {
  if (depth > DEPTH_MAX) throw new WireError(`a value in more than ${DEPTH_MAX} others`);
  let value: unknown = null;
  const wire = new Wire(bytes);
  while (wire.next()) {
    if (wire.field === 2) value = wire.double();
    else if (wire.field === 3) value = wire.text();
    else if (wire.field === 4) value = wire.whole() !== 0;
    else if (wire.field === 5) value = Object.fromEntries(entriesOf(wire.bytes(), depth + 1));
    else if (wire.field === 6) value = itemsOf(wire.bytes(), depth + 1);
  }
  return value;
}

function entriesOf(bytes: Uint8Array, depth: number): [string, unknown][] {
  const entries: [string, unknown][] = [];
  const wire = new Wire(bytes);
  while (wire.next()) {
    if (wire.field !== 1) continue;
    const entry: [string, unknown] = ['', null];
    const pair = new Wire(wire.bytes());
    while (pair.next()) {
      if (pair.field === 1) entry[0] = pair.text();
      else if (pair.field === 2) entry[1] = decodeAny(pair.bytes(), depth);
    }
    entries.push(entry);
  }
  return entries;
}

function itemsOf(bytes: Uint8Array, depth: number): unknown[] {
  const items: unknown[] = [];
  const wire = new Wire(bytes);
  while (wire.next()) if (wire.field === 1) items.push(decodeAny(wire.bytes(), depth));
  return items;
}

function timeOf(seconds: number): number {
  return Math.round(seconds * 1000);
}
