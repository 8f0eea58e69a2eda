import { isObject, type JsonObject } from './json.ts';

/** Templates by name: the file is `default` and wins; the config has one text or a list of `{name, template}`. */
export function chatTemplatesOf(config: JsonObject | null, file?: string): Record<string, string> {
  const templates: Record<string, string> = {};
  const own = config?.['chat_template'];
  if (typeof own === 'string') templates['default'] = own;
  else if (Array.isArray(own))
    for (const entry of own as readonly unknown[])
      if (isObject(entry) && typeof entry['name'] === 'string' && typeof entry['template'] === 'string')
        templates[entry['name']] = entry['template'];
  if (file !== undefined) templates['default'] = file;
  return templates;
}
