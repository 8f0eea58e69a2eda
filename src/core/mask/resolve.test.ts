import { describe, expect, it } from 'vitest';
import { ASSISTANT_TURNS, REASONS } from './policy.ts';
import { describeReason, REASON_INDEX, REASON_TEXT } from './reasons.ts';
import { resolveMask } from './resolve.ts';
import { sha256 } from './sha256.ts';
import { MASK_TOOLS } from './tools/registry.ts';

describe('resolveMask', () => {
  it('gives a preset by its name', () => {
    const { preset, policy } = resolveMask('openai');
    expect(preset).toBe('openai');
    expect(policy).toEqual(MASK_TOOLS.openai.policy({}));
    expect(resolveMask({ preset: 'openai' }).preset).toBe('openai');
    expect(resolveMask({ preset: 'openai', messageFlags: true }).preset).toBe('openai');
  });
  it('no longer follows the tool where a field of the policy is changed', () => {
    const { preset, tool, policy } = resolveMask({ preset: 'axolotl', header: true });
    expect([preset, tool]).toEqual([null, null]);
    expect(policy).toEqual({ ...resolveMask('axolotl').policy, header: true });
  });
  it('fills up a policy of the user’s own', () => {
    const { preset, policy } = resolveMask({ turns: 'last' });
    expect(preset).toBeNull();
    expect(policy).toEqual({ ...ASSISTANT_TURNS, turns: 'last' });
  });
});

describe('reasons', () => {
  it('all have an index, a word and a sentence', () => {
    REASONS.forEach((reason, i) => {
      expect(REASON_INDEX[reason]).toBe(i);
      expect(REASON_TEXT[reason].sentence).toMatch(/^[A-Z].*[.]$/);
      expect(REASON_TEXT[reason].sentence).not.toMatch(/!|please/i);
    });
    expect(REASONS.length).toBeLessThan(256);
  });
  it('name the role and the length', () => {
    expect(describeReason('masked-role', { role: 'user' })).toBe('Turn of the user: context only.');
    expect(describeReason('after-max-length', { maxLength: 4096 })).toBe(
      'Past max length 4,096: the trainer never sees it.',
    );
    expect(describeReason('end-of-turn')).toBe('End of turn: the model learns to stop here.');
    for (const reason of REASONS) expect(describeReason(reason)).not.toContain('{');
  });
});

it('sha256 knows the standard’s examples', () => {
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(sha256('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')).toBe(
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  );
  expect(sha256('a'.repeat(1_000_000))).toBe('cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0');
});
