// runs/text-column.ts
// Purpose: one text for each of many runs (a param, a tag, the parent) as small numbers and a dictionary of the texts.
// Why: of 100,000 runs it is 100 to 400 kB without one object, and runs that are equal in many such columns are found by numbers.
// Relevant files: runs/run-list.ts, runs/param-columns-queries.ts, runs/groups/grouping.ts

export type Codes = Uint8Array | Uint16Array | Uint32Array;

export interface TextColumn {
  /** By the place of the run in its list; 0: it has none. */
  codes: Codes;
  dictionary: Dictionary;
}

/** What an entry of a map, a text and its reference take besides the letters. */
const ENTRY_BYTES = 80;

/** Texts by their codes, 1, 2, 3 … A text never loses its code, so columns made one from the other share a dictionary. */
export class Dictionary {
  readonly #texts: (string | null)[] = [null];
  readonly #codes = new Map<string, number>();
  bytes = 0;

  /** One more than the highest code. */
  get size(): number {
    return this.#texts.length;
  }

  codeOf(text: string | null | undefined): number {
    if (text === null || text === undefined) return 0;
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    const code = this.#texts.length;
    this.#texts.push(text);
    this.#codes.set(text, code);
    this.bytes += 2 * text.length + ENTRY_BYTES;
    return code;
  }

  textOf(code: number): string | null {
    return this.#texts[code] ?? null;
  }
}

export function textAt({ codes, dictionary }: TextColumn, place: number): string | null {
  return dictionary.textOf(codes[place] ?? 0);
}

/** Of `runs` runs of which none has a text yet. */
export function emptyColumn(runs: number, dictionary = new Dictionary()): TextColumn {
  return { codes: codesFor(dictionary.size, runs), dictionary };
}

function codesFor(size: number, runs: number): Codes {
  if (size <= 0xff) return new Uint8Array(runs);
  return size <= 0xffff ? new Uint16Array(runs) : new Uint32Array(runs);
}

/** Puts the text there. Returns the column, wider where the code does not fit into the numbers that it had. */
export function withText(column: TextColumn, place: number, text: string | null | undefined): TextColumn {
  const code = column.dictionary.codeOf(text);
  const limit = column.codes.BYTES_PER_ELEMENT === 1 ? 0xff : column.codes.BYTES_PER_ELEMENT === 2 ? 0xffff : Infinity;
  const fits = code <= limit ? column : widened(column);
  fits.codes[place] = code;
  return fits;
}

function widened({ codes, dictionary }: TextColumn): TextColumn {
  const wider = codesFor(dictionary.size, codes.length);
  wider.set(codes);
  return { codes: wider, dictionary };
}

/** The same texts for another list of runs: `places` says where each of its runs stood, −1 for one that did not. */
export function movedTo({ codes, dictionary }: TextColumn, places: Int32Array): TextColumn {
  const moved = codesFor(dictionary.size, places.length);
  for (let place = 0; place < places.length; place += 1) {
    const before = places[place] ?? -1;
    if (before >= 0) moved[place] = codes[before] ?? 0;
  }
  return { codes: moved, dictionary };
}

/** How many runs have a text. */
export function countTexts({ codes }: TextColumn): number {
  let count = 0;
  for (const code of codes) if (code > 0) count += 1;
  return count;
}

export function columnBytes({ codes, dictionary }: TextColumn): number {
  return codes.byteLength + dictionary.bytes;
}
