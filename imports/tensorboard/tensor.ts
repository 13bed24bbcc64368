// imports/tensorboard/tensor.ts
// Purpose: the one number, or the texts, of a TensorProto.
// Why: TensorFlow 2 and newer writers log scalars and texts as tensors, of any type and in either of two places.
// Relevant files: imports/tensorboard/wire.ts, imports/tensorboard/survey.ts, imports/tensorboard/points-of.ts

import { Wire } from './wire.ts';

type Read = (view: DataView) => number;

/** Types by their number in TensorFlow's DataType: bytes of one, and how it is read from `tensor_content`. */
const TYPES = new Map<number, { size: number; read: Read }>([
  [1, { size: 4, read: (view) => view.getFloat32(0, true) }],
  [2, { size: 8, read: (view) => view.getFloat64(0, true) }],
  [3, { size: 4, read: (view) => view.getInt32(0, true) }],
  [4, { size: 1, read: (view) => view.getUint8(0) }],
  [5, { size: 2, read: (view) => view.getInt16(0, true) }],
  [6, { size: 1, read: (view) => view.getInt8(0) }],
  [9, { size: 8, read: (view) => Number(view.getBigInt64(0, true)) }],
  [10, { size: 1, read: (view) => Number(view.getUint8(0) !== 0) }],
  [14, { size: 2, read: (view) => bfloat(view.getUint16(0, true)) }],
  [17, { size: 2, read: (view) => view.getUint16(0, true) }],
  [19, { size: 2, read: (view) => half(view.getUint16(0, true)) }],
  [22, { size: 4, read: (view) => view.getUint32(0, true) }],
  [23, { size: 8, read: (view) => Number(view.getBigUint64(0, true)) }],
]);
const BFLOAT16 = 14;
const HALF = 19;
const STRING = 7;

interface Tensor {
  type: number;
  content: Uint8Array | undefined;
  /** From the typed fields; halves as their bits. */
  numbers: number[];
  texts: string[];
  /** How many there are by the shape. */
  size: number;
}

/** Undefined for what is not exactly one number. Errors: WireError. */
export function scalarOf(bytes: Uint8Array): number | undefined {
  const { type, content, numbers, size } = decodeTensor(bytes);
  const kind = TYPES.get(type);
  if (!kind || size !== 1 || numbers.length > 1) return undefined;
  if (content && content.length > 0) {
    if (content.length !== kind.size) return undefined;
    return kind.read(new DataView(content.buffer, content.byteOffset, content.byteLength));
  }
  // A tensor without a number in it is one of zeros.
  const number = numbers[0] ?? 0;
  return type === HALF ? half(number) : type === BFLOAT16 ? bfloat(number) : number;
}

/** Undefined for what is no text. Errors: WireError. */
export function textsOf(bytes: Uint8Array): string[] | undefined {
  const { type, texts } = decodeTensor(bytes);
  return type === STRING ? texts : undefined;
}

function decodeTensor(bytes: Uint8Array): Tensor {
  const tensor: Tensor = { type: 0, content: undefined, numbers: [], texts: [], size: 1 };
  const wire = new Wire(bytes);
  while (wire.next()) {
    if (wire.field === 1) tensor.type = wire.whole();
    else if (wire.field === 2) tensor.size = sizeOf(wire.bytes());
    else if (wire.field === 4) tensor.content = wire.bytes();
    else if (wire.field === 5) add(tensor.numbers, wire.floats());
    else if (wire.field === 6) add(tensor.numbers, wire.doubles());
    else if (wire.field === 8) tensor.texts.push(wire.text());
    else if (wire.field === 17) add(tensor.numbers, wire.wholes().map(unsigned));
    else if ([7, 10, 11, 13, 16].includes(wire.field)) add(tensor.numbers, wire.wholes());
  }
  return tensor;
}

/** A tensor of a million numbers is no scalar: two of them say so. */
function add(numbers: number[], more: number[]): void {
  numbers.push(...more.slice(0, 2));
}

function sizeOf(shape: Uint8Array): number {
  let size = 1;
  const wire = new Wire(shape);
  while (wire.next()) if (wire.field === 2) size *= dimension(wire.bytes());
  return size;
}

function dimension(bytes: Uint8Array): number {
  let size = 0;
  const wire = new Wire(bytes);
  while (wire.next()) if (wire.field === 1) size = wire.whole();
  return size;
}

function unsigned(number: number): number {
  return number < 0 ? number + 2 ** 64 : number;
}

function bfloat(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits * 0x10000);
  return view.getFloat32(0);
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
