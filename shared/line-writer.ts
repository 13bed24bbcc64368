// shared/line-writer.ts
// Purpose: lines of text, whole numbers, times and doubles, written as bytes at once.
// Why: exports write millions of lines; as strings, which must become bytes later, they cost a third more.
// Relevant files: shared/cells.ts, exports/points-writers.ts, exports/whole-writers.ts, runs/curves/curve-csv.ts

import { isoTime } from './cells.ts';

const START_SIZE = 64 * 1024;
/** The longest of a number and a time, with room to spare. */
const ROOM = 64;
const ZERO = 48;
const POINT = 46;
const MINUTE = 60_000;
const MILLION = 1e6;
/** Below it the millions of a whole number fit into 31 bits. */
const LARGE = 2 ** 31 * MILLION;
/** What `isoTime` ends with after the minute. */
const REST = '00.000Z'.length;

/** `text` in UTF-8, to be written many times. */
export function utf8(text: string): Uint8Array {
  return Buffer.from(text);
}

export class LineWriter {
  #bytes = new Uint8Array(START_SIZE);
  #at = 0;
  /** The minute that was written last: neighbouring points mostly share it. */
  #minute = NaN;
  #minuteBytes: Uint8Array = new Uint8Array(0);

  bytes(some: Uint8Array): this {
    const size = some.length;
    this.#makeRoom(size);
    // Byte by byte: for the few dozen of them a call of `set` costs more.
    for (let i = 0; i < size; i += 1) this.#bytes[this.#at + i] = some[i] as number;
    this.#at += size;
    return this;
  }

  /** A whole number within ±(2^53 − 1). */
  int(value: number): this {
    if (value > 0x7fffffff && value < LARGE) {
      // A time: in two parts, each of which 32 bits hold.
      const millions = Math.trunc(value / MILLION);
      this.int(millions).#digits(value - millions * MILLION, 6);
      return this;
    }
    if (value < 0 || value > 0x7fffffff) return this.ascii(String(value));
    this.#makeRoom(ROOM);
    let size = 1;
    for (let limit = 10; value >= limit; limit *= 10) size += 1;
    this.#digits(value, size);
    return this;
  }

  /** As `isoTime`. */
  time(ms: number): this {
    this.#makeRoom(ROOM);
    const minute = Math.floor(ms / MINUTE);
    if (minute !== this.#minute) {
      this.#minuteBytes = utf8(isoTime(minute * MINUTE).slice(0, -REST));
      this.#minute = minute;
    }
    this.bytes(this.#minuteBytes);
    const rest = ms - minute * MINUTE;
    const seconds = Math.trunc(rest / 1000);
    this.#digits(seconds, 2);
    this.#bytes[this.#at++] = POINT;
    this.#digits(rest - seconds * 1000, 3);
    this.#bytes[this.#at++] = 0x5a; // Z
    return this;
  }

  /** Text of ASCII characters, such as a number's. */
  ascii(text: string): this {
    this.#makeRoom(text.length);
    for (let i = 0; i < text.length; i += 1) this.#bytes[this.#at + i] = text.charCodeAt(i);
    this.#at += text.length;
    return this;
  }

  /** What was written since the last time, in memory of its own. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, this.#at);
    this.#at = 0;
    return taken;
  }

  #digits(value: number, size: number): void {
    for (let i = this.#at + size - 1; i >= this.#at; i -= 1) {
      const tens = (value / 10) | 0;
      this.#bytes[i] = ZERO + value - tens * 10;
      value = tens;
    }
    this.#at += size;
  }

  #makeRoom(size: number): void {
    if (this.#at + size <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#bytes.length + size));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
