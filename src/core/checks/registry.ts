import type { Check } from './check.ts';
import { contentControlCharacter } from './content/control-character.ts';
import { contentEmpty } from './content/empty.ts';
import { contentNull } from './content/null.ts';
import { contentReplacementCharacter } from './content/replacement-character.ts';
import { contentWhitespaceEdge } from './content/whitespace-edge.ts';
import { formatNothingRead } from './format/nothing-read.ts';
import { formatUnknown } from './format/unknown.ts';
import { INTERNAL_CHECK } from './internal.ts';
import { jsonDuplicateKey } from './json/duplicate-key.ts';
import { jsonLoneSurrogate } from './json/lone-surrogate.ts';
import { jsonNotFinite } from './json/not-finite.ts';
import { jsonNotObject } from './json/not-object.ts';
import { jsonSyntax } from './json/syntax.ts';
import { messagesConsecutiveAssistant } from './messages/consecutive-assistant.ts';
import type { Severity } from './problem.ts';
import { rolesLastNotAssistant } from './roles/last-not-assistant.ts';
import { rolesNoAssistant } from './roles/no-assistant.ts';
import { rolesNoUser } from './roles/no-user.ts';
import { rolesOrder } from './roles/order.ts';
import { rolesUnknown } from './roles/unknown.ts';

/** Every check. A new one is a file, a line here and a page in docs/checks. */
export const CHECKS: readonly Check[] = [
  jsonSyntax,
  jsonNotObject,
  jsonDuplicateKey,
  jsonLoneSurrogate,
  jsonNotFinite,
  formatUnknown,
  formatNothingRead,
  rolesUnknown,
  rolesOrder,
  rolesNoAssistant,
  rolesNoUser,
  rolesLastNotAssistant,
  messagesConsecutiveAssistant,
  contentEmpty,
  contentNull,
  contentWhitespaceEdge,
  contentReplacementCharacter,
  contentControlCharacter,
  INTERNAL_CHECK,
];

export interface CheckInfo {
  readonly code: string;
  readonly severity: Severity;
  readonly title: string;
  /** Path of its page from the root of the project. */
  readonly docs: string;
  readonly fixable: boolean;
}

/** Path of a check's page from the root of the project. */
export const docsOf = (code: string): string => `docs/checks/${code.replace('/', '-')}.md`;

export const checkInfo = (): CheckInfo[] =>
  CHECKS.map(({ code, severity, title, fixable }) => ({ code, severity, title, docs: docsOf(code), fixable }));
