import { describe, expect, it } from 'vitest';
import {
  accumulationFor,
  EFFECTIVE_BATCH,
  effectiveBatch,
  halvedBatch,
  withAccumulation,
  withDefaults,
} from './defaults.ts';
import { SFT_ARGUMENTS } from './trainer-arguments.ts';

describe('the effective batch', () => {
  it('is kept when the number of devices changes', () => {
    const { args } = withDefaults({ model: 'm', data: { train: 't', eval: 0.1 } });
    for (const devices of [1, 2, 4, 8]) {
      const given = withAccumulation(args, devices);
      expect(effectiveBatch(given, devices)).toBe(EFFECTIVE_BATCH);
      expect(effectiveBatch(args, devices)).toBe(EFFECTIVE_BATCH);
    }
    expect(withAccumulation(args, 8)['gradient_accumulation_steps']).toBe(1);
    // One row on each of 64 devices is more than was meant, and cannot be less.
    expect(effectiveBatch(withAccumulation(args, 64), 64)).toBe(128);
  });

  it('is what the spec says where it says so', () => {
    const args = { per_device_train_batch_size: 3, gradient_accumulation_steps: 5 };
    expect(withAccumulation(args, 4)).toBe(args);
    expect(effectiveBatch(args, 4)).toBe(60);
    expect(effectiveBatch({ ...args, per_device_train_batch_size: 'x' }, 1)).toBe(40);
  });

  it.each([
    [16, 2, 1, 8],
    [16, 2, 8, 1],
    [16, 3, 1, 5],
    [16, 32, 1, 1],
    [16, 1, 3, 5],
    [16, 0, 0, 16],
  ])('of %i with %i rows on %i devices takes %i batches', (effective, perDevice, devices, batches) => {
    expect(accumulationFor(effective, perDevice, devices)).toBe(batches);
  });

  it('stays when the batch is halved', () => {
    expect(halvedBatch({ per_device_train_batch_size: 4 }, 2)).toEqual({
      perDevice: 2,
      args: { per_device_train_batch_size: 2, gradient_accumulation_steps: 4 },
    });
    expect(halvedBatch({ per_device_train_batch_size: 1 }, 1)).toBeNull();
  });
});

describe('withDefaults', () => {
  it('names arguments that the trainer has', () => {
    for (const held of [null, 0.1])
      for (const packing of [false, 'bfd'] as const) {
        const { args } = withDefaults({ model: 'm', data: { train: 't', eval: held }, packing });
        expect(Object.keys(args).filter((key) => !SFT_ARGUMENTS.includes(key))).toEqual([]);
      }
  });

  it('leaves what is given as it is', () => {
    const given = { learning_rate: 1, odd: [null, { a: 1 }], num_train_epochs: 0.5 };
    expect(withDefaults({ model: 'm', data: { train: 't', eval: null }, args: given }).args).toMatchObject(given);
    expect(
      withDefaults({ model: 'm', data: { train: 't', eval: null }, method: 'dpo', peft: { r: 2 } }).peft,
    ).toMatchObject({ r: 2, lora_alpha: 32 });
    expect(withDefaults({ model: 'm', data: { train: 't', eval: null }, method: 'dpo', peft: null }).peft).toBeNull();
  });
});
