// imports/tensorboard/survey.ts
// Purpose: the first reading of a run's event files: its params, state, times and texts, and where it began anew.
// Why: a run's facts may stand in its last event, and which points were overtaken shows only once all were seen.
// Relevant files: imports/tensorboard/events-of.ts, imports/tensorboard/hparams.ts, imports/tensorboard/restarts.ts

import { RunStatus } from '../../runs/models.ts';
import { formatCount } from '../../shared/format.ts';
import { LIMITS } from '../../shared/limits.ts';
import type { Note, Remarks } from '../remarks.ts';
import { Damage } from './damage.ts';
import type { OtherKind, SummaryValue, TfEvent } from './event.ts';
import { eventsOf, readable } from './events-of.ts';
import { decodeHparams } from './hparams.ts';
import { sizeOf } from './records-of.ts';
import { Restarts } from './restarts.ts';
import type { EventFile } from './runs-below.ts';
import { scalarOf, textsOf } from './tensor.ts';

const notBrought =
  (one: string, many: string): Note =>
  (count) =>
    `${formatCount(count)} ${count === 1 ? one : many} not brought over: only scalars, texts and hparams are.`;
const NOT_BROUGHT: Record<OtherKind, Note> = {
  audio: notBrought('sound', 'sounds'),
  graphs: notBrought('graph', 'graphs'),
  histograms: notBrought('histogram', 'histograms'),
  images: notBrought('image', 'images'),
  others: notBrought('value of another kind', 'values of other kinds'),
};
const EARLIER_TEXT: Note = (count) =>
  `${formatCount(count)} earlier ${count === 1 ? 'text' : 'texts'} left out: of each tag the last text went into the notes.`;

export interface SurveyedFile extends EventFile {
  /** Bytes; what is written after this reading is not read in the next. */
  size: number;
}

/** Times are ms since the epoch. */
export class Survey {
  readonly files: SurveyedFile[] = [];
  readonly restarts = new Restarts();
  readonly params = new Map<string, string>();
  status: RunStatus = RunStatus.Finished;
  #start: number | undefined;
  #end: number | undefined;
  #first = Infinity;
  #last = -Infinity;
  readonly #plugins = new Map<string, string>();
  readonly #texts = new Map<string, string>();
  readonly #remarks: Remarks;

  constructor(remarks: Remarks) {
    this.#remarks = remarks;
  }

  async read(file: EventFile): Promise<void> {
    const size = await sizeOf(file.file);
    const index = this.files.push({ ...file, size }) - 1;
    const damage = new Damage();
    for await (const events of eventsOf(file.file, damage, size)) {
      for (const { event, offset } of events) {
        this.#time(event.wallTime);
        if (event.startsSession) this.restarts.addStart(index, offset, event.step);
        if (event.hasGraph) this.#remarks.note(NOT_BROUGHT.graphs);
        for (const value of event.values) readable(() => this.#value(value, event, index), offset, damage);
      }
    }
    damage.tell(file.file, this.#remarks);
  }

  get start(): number | null {
    return this.#start ?? (Number.isFinite(this.#first) ? this.#first : null);
  }

  get end(): number | null {
    if (this.status === RunStatus.Running) return null;
    return this.#end ?? (Number.isFinite(this.#last) ? this.#last : null);
  }

  /** A heading and the last text for each tag; TensorBoard's texts are Markdown, as notes are. */
  get notes(): string {
    const named = [...this.#texts].sort(([one], [other]) => (one < other ? -1 : 1));
    return named.map(([tag, text]) => `### ${tag}\n\n${text}`).join('\n\n');
  }

  /** The number of a scalar; undefined for anything else. Errors: WireError. */
  scalar({ tag, simple, tensor }: SummaryValue): number | undefined {
    if (simple !== undefined) return simple;
    return tensor && this.#plugins.get(tag) === 'scalars' ? scalarOf(tensor) : undefined;
  }

  #time(seconds: number): void {
    const time = Math.round(seconds * 1000);
    // A NaN is not greater than 0 either.
    if (!(seconds > 0) || !Number.isSafeInteger(time)) return;
    this.#first = Math.min(this.#first, time);
    this.#last = Math.max(this.#last, time);
  }

  #value(value: SummaryValue, event: TfEvent, index: number): void {
    const { tag, plugin, content, tensor, other } = value;
    // The first one counts, as for TensorBoard: a writer says it again after a restart.
    if (plugin && !this.#plugins.has(tag)) this.#plugins.set(tag, plugin);
    const kind = this.#plugins.get(tag);
    if (kind === 'hparams') return content && this.#hparams(content);
    if (this.scalar(value) !== undefined) {
      if (!this.files[index]?.isAside) this.restarts.addStep(index, tag, event.step);
      return;
    }
    const texts = kind === 'text' && tensor ? textsOf(tensor) : undefined;
    if (texts) this.#text(tag, texts.join('\n\n'));
    else this.#remarks.note(NOT_BROUGHT[other ?? kindOf(kind)]);
  }

  #hparams(content: Uint8Array): void {
    const { params, status, start, end } = decodeHparams(content);
    for (const [key, value] of params) this.params.set(key, value);
    if (status) this.status = status;
    if (start) this.#start = start;
    if (end) this.#end = end;
  }

  #text(tag: string, text: string): void {
    const name = tag.replace(/\/text_summary$/, '');
    if (this.#texts.has(name)) this.#remarks.note(EARLIER_TEXT);
    // One character more than notes keep, so that it is said that they were cut.
    this.#texts.set(name, text.slice(0, LIMITS.notes + 1));
  }
}

function kindOf(plugin: string | undefined): OtherKind {
  if (plugin === 'images' || plugin === 'histograms' || plugin === 'audio') return plugin;
  return plugin?.startsWith('graph') ? 'graphs' : 'others';
}
