// imports/tensorboard/event.ts
// Purpose: TensorFlow's Event message, as far as an import needs it.
// Why: whoever reads runs should see tags and steps, not field numbers.
// Relevant files: imports/tensorboard/wire.ts, imports/tensorboard/survey.ts, imports/tensorboard/tensor.ts

import { Wire } from './wire.ts';

/** What is counted and not brought over. */
export type OtherKind = 'audio' | 'graphs' | 'histograms' | 'images' | 'others';

export interface SummaryValue {
  tag: string;
  /** What `tensor` is: scalars, text, hparams … Writers say it with the first value of a tag only. */
  plugin?: string;
  /** What the plugin keeps beside the value; the hparams are all here. */
  content?: Uint8Array;
  /** A 32-bit float as the double that equals it. */
  simple?: number;
  /** A TensorProto. */
  tensor?: Uint8Array;
  other?: OtherKind;
}

export interface TfEvent {
  /** Seconds since the epoch; 0 where none was written. */
  wallTime: number;
  step: number;
  /** SessionLog START: what was logged before at this step or later is to be forgotten. */
  startsSession: boolean;
  hasGraph: boolean;
  values: SummaryValue[];
}

const SESSION_START = 1;
const VALUE_KINDS = new Map<number, OtherKind>([
  [3, 'histograms'],
  [4, 'images'],
  [5, 'histograms'],
  [6, 'audio'],
]);

/** Errors: WireError. */
export function decodeEvent(bytes: Uint8Array): TfEvent {
  const event: TfEvent = { wallTime: 0, step: 0, startsSession: false, hasGraph: false, values: [] };
  const wire = new Wire(bytes);
  while (wire.next()) {
    if (wire.field === 1) event.wallTime = wire.double();
    else if (wire.field === 2) event.step = wire.whole();
    else if (wire.field === 4 || wire.field === 9) event.hasGraph = true;
    else if (wire.field === 5) addSummary(event.values, wire.bytes());
    else if (wire.field === 7) event.startsSession = isStart(wire.bytes());
  }
  return event;
}

function addSummary(values: SummaryValue[], bytes: Uint8Array): void {
  const wire = new Wire(bytes);
  while (wire.next()) if (wire.field === 1) values.push(decodeValue(wire.bytes()));
}

function decodeValue(bytes: Uint8Array): SummaryValue {
  const value: SummaryValue = { tag: '' };
  const wire = new Wire(bytes);
  while (wire.next()) {
    const other = VALUE_KINDS.get(wire.field);
    if (wire.field === 1) value.tag = wire.text();
    else if (wire.field === 2) value.simple = wire.float();
    else if (wire.field === 8) value.tensor = wire.bytes();
    else if (wire.field === 9) Object.assign(value, decodeMetadata(wire.bytes()));
    else if (other) value.other = other;
  }
  return value;
}

function decodeMetadata(bytes: Uint8Array): Pick<SummaryValue, 'plugin' | 'content'> {
  const found: Pick<SummaryValue, 'plugin' | 'content'> = {};
  const metadata = new Wire(bytes);
  while (metadata.next()) {
    if (metadata.field !== 1) continue;
    const data = new Wire(metadata.bytes());
    while (data.next()) {
      if (data.field === 1) found.plugin = data.text();
      else if (data.field === 2) found.content = data.bytes();
    }
  }
  return found;
}

function isStart(bytes: Uint8Array): boolean {
  const wire = new Wire(bytes);
  let status = 0;
  while (wire.next()) if (wire.field === 1) status = wire.whole();
  return status === SESSION_START;
}
