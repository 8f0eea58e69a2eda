import { describe, expect, it } from 'vitest';
import { lossScaleOf, scaledRanges } from './ms-swift-loss-scale.ts';

const trained = (spelled: string, text: string, query: string | null = null): string[] =>
  scaledRanges(lossScaleOf(spelled)!, text, query).map(([start, end]) => text.slice(start, end));

describe('loss_scale of ms-swift', () => {
  it('is a base strategy, scales, or both', () => {
    expect(lossScaleOf('last_round')).toEqual({ base: 'last_round', scales: [] });
    expect(lossScaleOf('hermes')).toMatchObject({ base: 'default' });
    expect(lossScaleOf('all+hermes+react')?.scales).toHaveLength(2);
    expect(lossScaleOf('default+nothing')).toBeNull();
    expect(lossScaleOf('toString')).toBeNull();
  });
  it('leaves out what follows an observation, up to the next keyword', () => {
    expect(trained('react', 'Action: a\nObservation: b\nThought: c')).toEqual([
      'Action:',
      ' a\n',
      'Observation:',
      'Thought:',
      ' c',
    ]);
    expect(trained('alpha_umi', 'Observation: b\nNext: c')).toEqual(['Observation:', 'Next:', ' c']);
    expect(trained('qwen', '✿RESULT✿: b✿RETURN✿: c')).toEqual(['✿RESULT✿:', '✿RETURN✿:', ' c']);
  });
  it('trains whole answers to certain questions of agentflan', () => {
    expect(trained('agentflan', 'Observation: b', 'Hm?')).toEqual(['Observation:']);
    expect(trained('agentflan', 'Observation: b', 'What is the value of x?')).toEqual(['Observation: b']);
  });
  it('leaves out an empty thought at the begin, and all of a rest that begins with one', () => {
    expect(trained('ignore_empty_think', '<think>\n\n</think>\n\nyes')).toEqual(['yes']);
    expect(trained('ignore_empty_think', 'a <think></think> b')).toEqual(['a <think></think> b']);
    expect(trained('ignore_empty_think', '<think></think><think></think>yes')).toEqual([]);
    expect(trained('ignore_think_prefix', '<think>\nHm.</think>yes')).toEqual(['Hm.</think>yes']);
  });
  it('goes over the stretches of the scale before', () => {
    expect(trained('react+ignore_empty_think', '<think></think>Observation: b')).toEqual(['Observation:']);
  });
});
