// imports/tensorboard/restarts.ts
// Purpose: which points of a run were overtaken, because it was started again from an earlier step.
// Why: a run that went on from a checkpoint has two histories of the same steps; only the later one is the run.
// Relevant files: imports/tensorboard/survey.ts, imports/tensorboard/points-of.ts, ARCHITECTURE.md

interface Span {
  from: number;
  to: number;
}

interface Start {
  file: number;
  offset: number;
  step: number;
}

/**
 * The rule. A session's start at step s takes back all points before it at s or later, of every metric: the writer said
 * so (`purge_step`), and TensorBoard does it. Without one, a later file's points stand for a metric from its first to its
 * last step there; what earlier files have of these steps is overtaken. Within one file all points are kept.
 */
export class Restarts {
  readonly #starts: Start[] = [];
  /** For each file, the steps of each metric. */
  readonly #spans: Map<string, Span>[] = [];
  /** For each start, the lowest step of it and those after it; how many starts were passed. */
  #lowest: number[] | undefined;
  #passed = 0;
  /** The file that is asked about, and for each metric its steps in the files after that. */
  #laterOf = -1;
  readonly #laterSpans = new Map<string, Span[]>();

  addStart(file: number, offset: number, step: number): void {
    this.#starts.push({ file, offset, step });
  }

  addStep(file: number, tag: string, step: number): void {
    const spans = (this.#spans[file] ??= new Map<string, Span>());
    const span = spans.get(tag);
    if (!span) spans.set(tag, { from: step, to: step });
    else if (step < span.from) span.from = step;
    else if (step > span.to) span.to = step;
  }

  /** Ask in the order of files and offsets. */
  isOvertaken(file: number, offset: number, tag: string, step: number): boolean {
    return step >= this.#takenBackFrom(file, offset) || this.#later(file, tag).some((span) => within(step, span));
  }

  #takenBackFrom(file: number, offset: number): number {
    if (this.#starts.length === 0) return Infinity;
    const lowest = (this.#lowest ??= lowestFrom(this.#starts));
    while (isBefore(this.#starts[this.#passed], file, offset)) this.#passed += 1;
    return lowest[this.#passed] ?? Infinity;
  }

  #later(file: number, tag: string): Span[] {
    if (this.#laterOf !== file) this.#laterSpans.clear();
    this.#laterOf = file;
    let spans = this.#laterSpans.get(tag);
    if (!spans) {
      spans = this.#spans.slice(file + 1).flatMap((of) => of?.get(tag) ?? []);
      this.#laterSpans.set(tag, spans);
    }
    return spans;
  }
}

function within(step: number, { from, to }: Span): boolean {
  return step >= from && step <= to;
}

function isBefore(start: Start | undefined, file: number, offset: number): boolean {
  return start !== undefined && (start.file < file || (start.file === file && start.offset <= offset));
}

function lowestFrom(starts: Start[]): number[] {
  const lowest: number[] = [];
  let least = Infinity;
  for (let i = starts.length - 1; i >= 0; i -= 1) lowest[i] = least = Math.min(least, starts[i]?.step ?? Infinity);
  return lowest;
}
