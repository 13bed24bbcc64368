// imports/tensorboard/wire.ts
// Purpose: reads the fields of a Protocol Buffers message, one after the other.
// Why: event files need five messages of it; every read is checked, so that damage is an error and never a number.
// Relevant files: imports/tensorboard/event.ts, imports/tensorboard/tensor.ts, imports/tensorboard/hparams.ts

/** The bytes are no message. */
export class WireError extends Error {}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
const SEVEN_BITS = 128;
/** Bytes of a varint that a double adds up exactly. */
const EXACT_BYTES = 7;
const VARINT_BYTES_MAX = 10;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Call `next` until it is false; after each `true`, `field` is the number of a field and one of the reads gives its value. */
export class Wire {
  field = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #type = 0;
  #start = 0;
  #end = 0;
  #whole = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  next(): boolean {
    if (this.#end === this.#bytes.length) return false;
    this.#start = this.#end;
    const key = this.#readVarint();
    this.field = Math.floor(key / 8);
    this.#type = key % 8;
    if (this.field < 1) throw new WireError('a field without a number');
    if (this.#type === VARINT) this.#whole = this.#readVarint();
    else if (this.#type === FIXED64) this.#take(8);
    else if (this.#type === FIXED32) this.#take(4);
    else if (this.#type === BYTES) this.#take(this.#readVarint());
    else throw new WireError(`a field of wire type ${this.#type}`);
    return true;
  }

  /** A signed 64-bit integer as the nearest double. */
  whole(): number {
    this.#expect(VARINT);
    return this.#whole;
  }

  double(): number {
    this.#expect(FIXED64);
    return this.#view.getFloat64(this.#start, true);
  }

  float(): number {
    this.#expect(FIXED32);
    return this.#view.getFloat32(this.#start, true);
  }

  /** A message, or bytes; a view of what was given. */
  bytes(): Uint8Array {
    this.#expect(BYTES);
    return this.#bytes.subarray(this.#start, this.#end);
  }

  text(): string {
    return decoder.decode(this.bytes());
  }

  /** The numbers of a repeated field, packed or not. */
  wholes(): number[] {
    if (this.#type !== BYTES) return [this.whole()];
    const numbers: number[] = [];
    for (const packed = new Wire(this.bytes()); packed.#start < packed.#bytes.length;)
      numbers.push(packed.#readVarint());
    return numbers;
  }

  doubles(): number[] {
    return this.#type === BYTES ? numbersOf(this.bytes(), 8, (view, at) => view.getFloat64(at, true)) : [this.double()];
  }

  floats(): number[] {
    return this.#type === BYTES ? numbersOf(this.bytes(), 4, (view, at) => view.getFloat32(at, true)) : [this.float()];
  }

  #expect(type: number): void {
    if (this.#type !== type) throw new WireError(`field ${this.field} of wire type ${this.#type} instead of ${type}`);
  }

  #take(length: number): void {
    if (length < 0 || length > this.#bytes.length - this.#start) throw new WireError('a field beyond the end');
    this.#end = this.#start + length;
  }

  #readVarint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < EXACT_BYTES; count += 1) {
      const byte = this.#byte();
      value += (byte % SEVEN_BITS) * scale;
      if (byte < SEVEN_BITS) return value;
      scale *= SEVEN_BITS;
    }
    let wide = BigInt(value);
    for (let count = EXACT_BYTES; count < VARINT_BYTES_MAX; count += 1) {
      const byte = this.#byte();
      wide |= BigInt(byte % SEVEN_BITS) << BigInt(7 * count);
      if (byte < SEVEN_BITS) return Number(BigInt.asIntN(64, wide));
    }
    throw new WireError('a number of more than ten bytes');
  }

  #byte(): number {
    const byte = this.#bytes[this.#start];
    if (byte === undefined) throw new WireError('a number beyond the end');
    this.#start += 1;
    this.#end = this.#start;
    return byte;
  }
}

function numbersOf(bytes: Uint8Array, size: number, read: (view: DataView, at: number) => number): number[] {
  if (bytes.length % size !== 0) throw new WireError(`numbers of ${size} bytes in ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / size }, (_, i) => read(view, i * size));
}
