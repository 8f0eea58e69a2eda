import { findIssues } from './issues.ts';
import { describeFailure, describeNoObject } from './json-error.ts';
import { type Locator, locatorOf } from './locate.ts';
import type { JsonError, JsonIssue, ParsedRow } from './parsed-row.ts';
import { readJson } from './read-json.ts';
import { isObject, type Value } from './value.ts';

const NO_ISSUES: readonly JsonIssue[] = [];

/**
 * Reads a row's text as Python's `json.loads` does (see readJson). A value that is no object is an error: no trainer reads
 * such a row. Never throws.
 */
export function parseRow(text: string): ParsedRow {
  const result = readJson(text);
  if (result.failure !== null) return row(text, undefined, describeFailure(text, result.failure), NO_ISSUES);
  if (!isObject(result.value)) return row(text, undefined, describeNoObject(text, result.value), NO_ISSUES);
  return row(text, result.value, null, result.suspicious ? findIssues(text) : NO_ISSUES);
}

function row(text: string, value: Value | undefined, error: JsonError | null, issues: readonly JsonIssue[]): ParsedRow {
  let locator: Locator | null = null;
  const positions = (): Locator => (locator ??= locatorOf(text));
  return {
    text,
    value,
    error,
    issues,
    locate: (pointer, what) => positions().locate(pointer, what),
    within: (pointer, range, key) => positions().within(pointer, range, key),
    at: (offset) => positions().at(offset),
  };
}
