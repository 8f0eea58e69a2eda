import type { InspectorPickers, PickerName } from '../core/protocol.ts';
import type { ChoiceKey } from './choices.ts';
import type { Analysis } from './dataset-document.ts';
import { hubOptions, templateOptions, tokenizerOptions } from './found-models.ts';
import { FORMATS, MASKS, MAX_LENGTHS, maskName, plainName, withChosen } from './options.ts';

/** A mask that is no preset: it stands in the configuration and can be left, not chosen. */
const OWN_MASK = 'custom';

/** What the header of the inspector offers, with what is chosen. */
export async function pickersOf({ project, format }: Analysis): Promise<InspectorPickers> {
  const { settings } = project;
  const { tokenizer, chatTemplate, mask, maxLength } = settings;
  const [own, ofHub, templates] = await Promise.all([tokenizerOptions(), hubOptions(), templateOptions()]);
  const template = chatTemplate ?? '';
  const maskValue = typeof mask === 'string' ? mask : OWN_MASK;
  const formats = FORMATS.map(({ value, label }) =>
    value === 'auto' ? { value, label: settings.format === 'auto' ? `${format} (auto)` : label } : { value, label },
  );
  return {
    format: { value: settings.format, options: formats },
    tokenizer: { value: tokenizer, options: withChosen([...own, ...ofHub], tokenizer, plainName(tokenizer)) },
    chatTemplate: { value: template, options: withChosen(templates, template, plainName(template)) },
    mask: {
      value: maskValue,
      options: withChosen(
        MASKS.map(({ value, label }) => ({ value, label })),
        maskValue,
        project.maskFile?.origin ?? maskName(mask),
      ),
    },
    maxLength: {
      value: maxLength,
      options: MAX_LENGTHS.includes(maxLength) ? MAX_LENGTHS : [...MAX_LENGTHS, maxLength].sort((a, b) => a - b),
    },
  };
}

/** A choice of the webview as a setting; undefined when it is none (the webview's word is not trusted). */
export function choiceOf(
  picker: PickerName,
  value: string,
  pickers: InspectorPickers,
): { readonly key: ChoiceKey; readonly value: unknown } | undefined {
  if (picker === 'maxLength') {
    const length = Number(value);
    return Number.isInteger(length) && length >= 1 ? { key: 'maxLength', value: length } : undefined;
  }
  if (value === OWN_MASK || !pickers[picker].options.some((option) => option.value === value)) return undefined;
  return { key: picker, value: picker === 'chatTemplate' && value === '' ? null : value };
}
