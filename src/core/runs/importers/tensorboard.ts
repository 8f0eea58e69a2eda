import { type Importer, type PointSink, pointSink } from './importer.ts';
import { fieldsOf } from './protobuf.ts';

/** Bytes of a record: a scalar has about 60. */
const MAX_RECORD = 1 << 30;

const FLOAT = 1;
const DOUBLE = 2;

const utf8 = (bytes: Uint8Array, at: number, length: number): string =>
  new TextDecoder().decode(bytes.subarray(at, at + length));

/**
 * `events.out.tfevents.*`: records of TensorBoard's Event messages. A record is its length (8 bytes), a checksum (4), the
 * message and a checksum (4); checksums are not looked at, a record that is torn ends the reading. Scalars stand in
 * `simple_value`, or in a tensor where TensorFlow 2 wrote them.
 * Source: tensorboard/compat/proto/{event,summary,tensor}.proto (2.20).
 */
export const tensorboard: Importer = {
  name: 'tensorboard',
  title: 'TensorBoard event file',
  files: ['tfevents'],
  detect: (name, head) => /tfevents/.test(name) || isEvents(head),
  read(bytes) {
    if (bytes.length > 0 && !isEvents(bytes)) return null;
    const sink = pointSink();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const lastSteps = new Map<string, number>();
    let at = 0;
    while (at + 12 <= bytes.length) {
      const length = view.getUint32(at, true);
      if (view.getUint32(at + 4, true) !== 0 || length > MAX_RECORD || at + 16 + length > bytes.length) {
        sink.skip();
        break;
      }
      readEvent(bytes, view, at + 12, at + 12 + length, lastSteps, sink);
      at += 16 + length;
    }
    return sink.end({ source: this.title });
  },
};

/** The first record of every file says `brain.Event:2`. */
function isEvents(head: Uint8Array): boolean {
  return head.length >= 24 && utf8(head, 12, Math.min(60, head.length - 12)).includes('brain.Event:');
}

function readEvent(
  bytes: Uint8Array,
  view: DataView,
  from: number,
  to: number,
  lastSteps: Map<string, number>,
  sink: PointSink,
): void {
  let time = Number.NaN;
  let step = 0;
  const figures: Record<string, number> = {};
  for (const field of fieldsOf(bytes, from, to)) {
    if (field.number === 1 && field.wire === 1) time = view.getFloat64(field.at, true);
    else if (field.number === 2 && field.wire === 0) step = field.varint;
    else if (field.number === 5 && field.wire === 2)
      for (const value of fieldsOf(bytes, field.at, field.at + field.length))
        if (value.number === 1 && value.wire === 2) readValue(bytes, view, value.at, value.at + value.length, figures);
  }
  const tags = Object.keys(figures);
  if (tags.length === 0) return;
  if (tags.some((tag) => step < (lastSteps.get(tag) ?? -1))) {
    lastSteps.clear();
    sink.again(Math.max(0, step - 1));
  }
  for (const tag of tags) lastSteps.set(tag, step);
  sink.add(step, time, Object.fromEntries(tags.map((tag) => [nameOf(tag), figures[tag]])));
}

function readValue(bytes: Uint8Array, view: DataView, from: number, to: number, into: Record<string, number>): void {
  let tag = '';
  let value: number | null = null;
  for (const field of fieldsOf(bytes, from, to)) {
    if (field.number === 1 && field.wire === 2) tag = utf8(bytes, field.at, Math.min(field.length, 1000));
    else if (field.number === 2 && field.wire === 5) value = view.getFloat32(field.at, true);
    else if (field.number === 8 && field.wire === 2)
      value = scalarOf(bytes, view, field.at, field.at + field.length) ?? value;
  }
  if (tag !== '' && tag !== '__proto__' && value !== null) into[tag] = value;
}

/** The one number of a tensor; null where it has none or several. */
function scalarOf(bytes: Uint8Array, view: DataView, from: number, to: number): number | null {
  let type = 0;
  const values: number[] = [];
  let content: { readonly at: number; readonly length: number } | null = null;
  for (const field of fieldsOf(bytes, from, to)) {
    if (field.number === 1 && field.wire === 0) type = field.varint;
    else if (field.number === 4 && field.wire === 2) content = field;
    // Lists of numbers are packed, or one field each.
    else if (field.number === 5 && (field.wire === 2 || field.wire === 5))
      for (let i = 0; i + 4 <= field.length && values.length < 2; i += 4)
        values.push(view.getFloat32(field.at + i, true));
    else if (field.number === 6 && (field.wire === 2 || field.wire === 1))
      for (let i = 0; i + 8 <= field.length && values.length < 2; i += 8)
        values.push(view.getFloat64(field.at + i, true));
  }
  if (values.length === 0 && content !== null) {
    if (type === FLOAT && content.length === 4) values.push(view.getFloat32(content.at, true));
    if (type === DOUBLE && content.length === 8) values.push(view.getFloat64(content.at, true));
  }
  return values.length === 1 ? (values[0] ?? null) : null;
}

/** What loops of other makers call their losses. */
const LOSSES: Readonly<Record<string, string>> = {
  train_loss: 'loss',
  'loss/train': 'loss',
  val_loss: 'eval_loss',
  'val/loss': 'eval_loss',
  'validation/loss': 'eval_loss',
  'loss/val': 'eval_loss',
  lr: 'learning_rate',
};

/** transformers writes `train/loss` and `eval/loss`; other names stay. */
function nameOf(tag: string): string {
  if (tag.startsWith('train/')) return tag.slice(6);
  if (tag.startsWith('eval/')) return `eval_${tag.slice(5)}`;
  return (Object.hasOwn(LOSSES, tag) ? LOSSES[tag] : undefined) ?? tag;
}
