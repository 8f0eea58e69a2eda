import { isObject, type JsonObject } from './json.ts';

/** The texts of template files beside a tokenizer. */
export interface TemplateFiles {
  /** chat_template.jinja */
  readonly main?: string | undefined;
  /** additional_chat_templates/NAME.jinja, by name */
  readonly additional?: Readonly<Record<string, string>> | undefined;
  /** chat_template.json, parsed: a processor's, with the key `chat_template` */
  readonly processor?: JsonObject | null | undefined;
}

/**
 * Templates by name, as transformers 5.23 takes them (`PreTrainedTokenizerBase.from_pretrained`): where there are template
 * files, the config's are not looked at; else the config has one text or a list of `{name, template}`. A tokenizer there
 * knows nothing of chat_template.json, which is a processor's: it is taken where there is no other template.
 */
export function chatTemplatesOf(config: JsonObject | null, files: TemplateFiles = {}): Record<string, string> {
  const fromFiles = { ...(files.main === undefined ? {} : { default: files.main }), ...files.additional };
  if (Object.keys(fromFiles).length > 0) return fromFiles;
  const templates = ofConfig(config);
  const processor = files.processor?.['chat_template'];
  return Object.keys(templates).length === 0 && typeof processor === 'string' ? { default: processor } : templates;
}

function ofConfig(config: JsonObject | null): Record<string, string> {
  const templates: Record<string, string> = {};
  const own = config?.['chat_template'];
  if (typeof own === 'string') templates['default'] = own;
  else if (Array.isArray(own))
    for (const entry of own as readonly unknown[])
      if (isObject(entry) && typeof entry['name'] === 'string' && typeof entry['template'] === 'string')
        templates[entry['name']] = entry['template'];
  return templates;
}
