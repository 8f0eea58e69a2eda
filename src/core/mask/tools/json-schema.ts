import { POLICY_KEYS, PRESET_NAMES, type PresetName } from '../policy.ts';
import { MASK_TOOLS } from './registry.ts';

/** The keys of a mask object in `sft-lens.json`, with or without a preset. */
export function maskKeys(preset: PresetName | undefined): readonly string[] {
  const tool = preset === undefined ? undefined : MASK_TOOLS[preset];
  return [
    'preset',
    ...(tool && tool.versions.length > 0 ? ['version'] : []),
    ...Object.keys(tool?.options ?? {}),
    ...POLICY_KEYS,
  ];
}

/** What the schema of `sft-lens.json` says of presets, made of the registry by scripts/mask-schema.mjs. */
export function presetDefinition(): object {
  return { enum: PRESET_NAMES, enumDescriptions: PRESET_NAMES.map((name) => `${MASK_TOOLS[name].summary}.`) };
}

/** The part of a mask object that depends on its preset: which keys it has, and what each may be. */
export function policyBranches(): readonly object[] {
  const branch = (preset: PresetName): object => {
    const { title, versions, options } = MASK_TOOLS[preset];
    const version = { description: `The version of ${title}, or the nearest before it.`, enum: versions };
    return {
      if: { required: ['preset'], properties: { preset: { const: preset } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: {
        properties: { ...(versions.length > 0 && { version }), ...options },
        propertyNames: { enum: maskKeys(preset) },
      },
    };
  };
  const without = {
    if: { not: { required: ['preset'] } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { propertyNames: { enum: maskKeys(undefined) } },
  };
  return [without, ...PRESET_NAMES.map(branch)];
}
