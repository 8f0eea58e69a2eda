import type { MaskSpec } from '../config.ts';
import { ASSISTANT_TURNS, type MaskPolicy, POLICY_KEYS, type PresetName } from './policy.ts';
import { MASK_TOOLS } from './tools/registry.ts';
import type { MaskTool, OptionValue, PromptEnd, ToolOptions } from './tools/tool.ts';

export interface ResolvedMask {
  /** The tool that is followed bug for bug; null for a policy of the user's own or a preset with changed policy fields. */
  readonly tool: MaskTool | null;
  /** Its preset's name; null where `tool` is. */
  readonly preset: PresetName | null;
  /** One of the tool's versions; '' where it has none. */
  readonly version: string;
  /** All of the tool's options, with their defaults. */
  readonly options: ToolOptions;
  readonly policy: MaskPolicy;
  /** How the prompt is masked in rows of prompt and completion; null where it is not. */
  readonly prompt: PromptEnd | null;
  /** Why the tool stops at a row of whose assistant turns nothing is trained; null where it goes on. */
  readonly nothing: string | null;
}

const byName = new Map<string, ResolvedMask>();
const byObject = new WeakMap<object, ResolvedMask>();

/** What a mask of the settings stands for. Policy fields that are not given are the preset's, or `trl-assistant`'s without one. */
export function resolveMask(spec: MaskSpec): ResolvedMask {
  if (typeof spec === 'string') {
    let resolved = byName.get(spec);
    if (resolved === undefined) byName.set(spec, (resolved = resolve({ preset: spec })));
    return resolved;
  }
  let resolved = byObject.get(spec);
  if (resolved === undefined) byObject.set(spec, (resolved = resolve(spec)));
  return resolved;
}

function resolve(spec: Exclude<MaskSpec, string>): ResolvedMask {
  const { preset, version, ...given } = spec;
  const tool = preset === undefined ? null : MASK_TOOLS[preset];
  const options: Record<string, OptionValue> = {};
  for (const [name, { default: value }] of Object.entries(tool?.options ?? {}))
    options[name] = given[name] === undefined ? value : given[name];
  const base = tool?.policy(options) ?? ASSISTANT_TURNS;
  const changes = POLICY_KEYS.filter((key) => given[key] !== undefined && !sameField(given[key], base[key]));
  const policy = { ...base, ...Object.fromEntries(changes.map((key) => [key, given[key]])) };
  const followed = changes.length === 0 ? tool : null;
  const used = versionOf(tool, version);
  const byScope = policy.scope === 'completion' ? 'prefix' : null;
  return {
    tool: followed,
    preset: followed?.preset ?? null,
    version: used,
    options,
    policy,
    prompt: followed?.prompt ? followed.prompt(options, used) : byScope,
    nothing: followed?.nothing?.(options) ?? null,
  };
}

/** The newest known version that is not newer than the wanted one, the oldest for older ones. */
function versionOf(tool: MaskTool | null, wanted: string | undefined): string {
  const versions = tool?.versions ?? [];
  const newest = versions.at(-1) ?? '';
  if (wanted === undefined) return newest;
  return versions.findLast((known) => !isNewer(known, wanted)) ?? versions[0] ?? '';
}

function isNewer(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (const [i, part] of left.entries()) if (part !== (right[i] ?? 0)) return part > (right[i] ?? 0);
  return false;
}

const sameField = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) && Array.isArray(b) ? a.length === b.length && a.every((x, i) => x === b[i]) : a === b;
