import type { Range } from '../jsonl/value.ts';
import type { ChatTemplate } from '../template/chat-template.ts';
import { type Markers, markersIn } from './markers.ts';
import type { Turn } from './mask-result.ts';
import type { ResolvedMask } from './resolve.ts';
import { sha256 } from './sha256.ts';

/**
 * Where the training version that TRL 1.16 swaps in for a template puts its generation blocks, as seen from the turns of
 * the template itself.
 */
export interface Knobs {
  /**
   * `role`: behind the role marker (an opened thought is trained); `newline`: before the role marker's trailing white
   * space; `header`: the role marker too; `marker`: from the last marker before the answer, even where it is not the
   * role's (DeepSeek after tool results).
   */
  readonly start: 'role' | 'newline' | 'header' | 'marker';
  /** What is printed between the end-of-turn token and the next turn is trained too. */
  readonly after: boolean;
  /** The token that stops a turn in favor of a tool is trained. */
  readonly handover: boolean;
  /** The end-of-turn token is a span of its own (differs where the answer ends in a character of several tokens). */
  readonly apart: boolean;
}

const USUAL: Knobs = { start: 'role', after: true, handover: true, apart: false };

/** SHA-256 of the UTF-8 template source, as TRL compares it: exactly. */
const KNOBS: ReadonlyMap<string, Knobs> = new Map<string, Knobs>([
  // cohere
  ['90c33aee14aa2a226127516d48ee9184c9b90745d4a04c484621ec2e82fb712c', USUAL],
  // cohere2
  ['2147c474f41b522b7296f74692b9f31e45f49a31465960576a9d321339c5915a', USUAL],
  // deepseek_r1_distill
  ['56a1447ad31926fdc21fb07e56e5642bd9c850c4f52d8c8af7bbe5f079a84f5f', { ...USUAL, start: 'marker' }],
  // deepseekv3
  ['563b1ce7d61d50a9b4c7439a912a1116f095b712df5b5e4d3e1116049874eb64', { ...USUAL, start: 'marker' }],
  // diffusion_gemma
  ['9aeb7eac68ad87bba7567e9d4597ff203e5609f1b427d9e823437d0142cc61bf', { ...USUAL, handover: false, apart: true }],
  // gemma
  ['ecd6ae513fe103f0eb62e8ab5bfa8d0fe45c1074fa398b089c93a7e70c15cfd6', USUAL],
  // gemma3
  ['7de1c58e208eda46e9c7f86397df37ec49883aeece39fb961e0a6b24088dd3c4', USUAL],
  // glm4moe
  ['44f815868bf02fa458dd2f741a338046f4bf45f398eb6d067766726b9d96cce3', { ...USUAL, start: 'newline' }],
  // gptoss
  ['a4c9919cbbd4acdd51ccffe22da049264b1b73e59055fa58811a99efbd7c8146', { ...USUAL, start: 'header' }],
  // idefics3
  ['0d7e56ca41705b79932de707b22bc855c3cfcefae62f1ac5e458560654883d2e', USUAL],
  // lfm2
  ['cef187400d62a59507aab3a642ea9a8d2a2ef263562bc3430560e116945273cf', USUAL],
  // lfm2_v2
  ['5504d163d879bfb6fd4135b7fa3d56768b2e69dd718338f7b146750289f46ab0', USUAL],
  // llama3
  ['ba03a121d097859c7b5b9cd03af99aafe95275210d2876f642ad9929a150f122', USUAL],
  // llava_next (1.15; earlier versions train the space behind the end-of-turn token)
  ['2c17243a977fd0643fb549a509a8e2684f45517df0f9f608d5893b719f16569f', { ...USUAL, after: false }],
  // muse_glimmer
  ['cfc67e5f349f37690dfd31ed1f18bc4442a9dd32fe39a648f993cb4eb3cae678', { ...USUAL, start: 'header' }],
  // nemotron_3_5_lightning
  ['58933db77d3099b4f78c55a38347a72e1ea05b97d6bd8f38775303dc0194e0a9', USUAL],
  // nemotron_3_nano
  ['ab7813c3abdd9cb655905a410728b26c7884eca45ddfab8d9f931553485a7862', USUAL],
  // nemotron_3_super
  ['575fb74f54ed264df9047d0ecce3c98938aae953fb4f50356675706264cbb68a', USUAL],
  // nemotron_3_ultra
  ['82753bef5cedc4932c1ed509b5c9a12be680fd86d1adb65bc3f7398d11c8eebc', USUAL],
  // phi3
  ['dcaee66df77bfbb789ec541fe713218da30225a526f1db97138fc39ee6dc56aa', USUAL],
  // phi3_5
  ['78d976a442bcde2f0be15aafbb8e3050e1104f86732266f68403251b89982a90', USUAL],
  // qwen2_5
  ['cd8e9439f0570856fd70470bf8889ebd8b5d1107207f67a5efb46e342330527f', { ...USUAL, start: 'newline' }],
  // qwen2_5_vl
  ['a0bc6f6fc7a29a80017a433e8f03a1cc1236e838a944a2d034295a60c4f2fddb', USUAL],
  // qwen3
  ['a55ee1b1660128b7098723e0abcd92caa0788061051c62d51cbe87d9cf1974d8', USUAL],
  // qwen3_5_nothink
  ['273d8e0e683b885071fb17e08d71e5f2a5ddfb5309756181681de4f5a1822d80', USUAL],
  // qwen3_5_think
  ['a4aee8afcf2e0711942cf848899be66016f8d14a889ff9ede07bca099c28f715', USUAL],
  // qwen3_6
  ['e84f32a23fdda27689f868aa4a1a5621f41133e51a48d7f3efcbea2839574259', USUAL],
  // qwen3_8
  ['c3cf9e34abf4f9e36c2d72165aa9c132d3e2a725b6c2586aaa3a8af9d7a81041', USUAL],
  // qwen3_instruct_2507
  ['64f85b198065d0fba2a81f37e10ed68161ce2c19a754c7100e67e0ca2ee9c326', USUAL],
  // qwen3_vl
  ['3636d0f0bd6bef02654cdffdc447b79cb2cef8ab02cc75267345946291a489e4', USUAL],
  // smolvlm
  ['830005085ddd94cec605b6e21b885b28ffad6e3f82ee6a212c523533e8f04f01', USUAL],
]);

/** Revisions that TRL does not know, and what prints the same rows. */
const REVISIONS: ReadonlyMap<string, string> = new Map([
  // qwen3 as first published, and bundled
  [
    '87a2728cb8dc9fe424d624542f6060ec05a1d285ebbec578bb078900e33396b5',
    'a55ee1b1660128b7098723e0abcd92caa0788061051c62d51cbe87d9cf1974d8',
  ],
]);

/** What differed in 1.13. */
const KNOBS_1_13: ReadonlyMap<string, Knobs> = new Map([
  // llava_next: the space behind the end-of-turn token was trained
  ['2c17243a977fd0643fb549a509a8e2684f45517df0f9f608d5893b719f16569f', USUAL],
]);

const HASHES = new WeakMap<ChatTemplate, string>();

function hashOf(template: ChatTemplate): string {
  let hash = HASHES.get(template);
  if (hash === undefined) HASHES.set(template, (hash = sha256(template.source)));
  return hash;
}

/** The knobs of a template that TRL knows, and of its revisions; null for all others. `version`: TRL's. */
export function knobsFor(template: ChatTemplate, version: string): Knobs | null {
  const hash = hashOf(template);
  return (version === '1.13' && KNOBS_1_13.get(hash)) || (KNOBS.get(REVISIONS.get(hash) ?? hash) ?? null);
}

/** Whether TRL's `assistant_only_loss` decides, by generation blocks of the template or of its training version. */
export const isTrlAssistant = ({ preset, policy }: ResolvedMask): boolean =>
  policy.scope === 'turns' && preset !== null && preset.startsWith('trl-');

/**
 * What TRL 1.16 does with a template without generation blocks under `assistant_only_loss`: it swaps it for a training
 * version, or refuses it, be it a revision of one that it swaps, which prints the same rows.
 */
export function swapByTrl(source: string): 'swapped' | 'revision' | 'unknown' {
  const hash = sha256(source);
  return KNOBS.has(hash) ? 'swapped' : REVISIONS.has(hash) ? 'revision' : 'unknown';
}

/** The generation spans that TRL's training version would show on the same text. */
export function knobSpans(text: string, turns: readonly Turn[], markers: Markers, knobs: Knobs): Range[] {
  const spans: Range[] = [];
  for (const turn of turns) {
    const start = startOf(text, turn, markers, knobs.start);
    let end = knobs.after ? turn.after : turn.end;
    if (turn.handover && !knobs.handover && turn.stop !== null) {
      end = turn.contentEnd;
      for (const marker of markersIn(markers, text, turn.contentEnd, turn.stop[0])) end = Math.max(end, marker[1]);
    }
    const cut = turn.stop?.[0];
    if (knobs.apart && cut !== undefined && cut > start && cut < end) spans.push([start, cut], [cut, end]);
    else spans.push([start, end]);
    spans.push(...turn.late);
  }
  // an empty span is nothing, except bug for bug: char_to_token finds a token that straddles the place
  return spans.filter(([start, end]) => start < end || knobs.apart).sort((a, b) => a[0] - b[0]);
}

function startOf(text: string, turn: Turn, markers: Markers, start: Knobs['start']): number {
  switch (start) {
    case 'role':
      return turn.roleEnd;
    case 'newline':
      return turn.roleEnd - /\s*$/.exec(text.slice(turn.headerStart, turn.roleEnd))![0].length;
    case 'header':
      return turn.headerStart;
    case 'marker': {
      if (turn.headerStart !== turn.start) return turn.headerStart;
      const before = markersIn(markers, text, Math.max(0, turn.start - 80), turn.start).pop();
      return before !== undefined && before[1] === turn.start ? before[0] : turn.start;
    }
  }
}
