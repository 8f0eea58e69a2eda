import type { Check } from './check.ts';
import { contentControlCharacter } from './content/control-character.ts';
import { contentEmpty } from './content/empty.ts';
import { contentNull } from './content/null.ts';
import { contentReplacementCharacter } from './content/replacement-character.ts';
import { contentWhitespaceEdge } from './content/whitespace-edge.ts';
import { fileDuplicateRow, fileMixedFormats } from './file-checks.ts';
import { formatNothingRead } from './format/nothing-read.ts';
import { formatUnknown } from './format/unknown.ts';
import { INTERNAL_CHECK } from './internal.ts';
import { jsonDuplicateKey } from './json/duplicate-key.ts';
import { jsonEncoding } from './json/encoding.ts';
import { jsonLoneSurrogate } from './json/lone-surrogate.ts';
import { jsonNotFinite } from './json/not-finite.ts';
import { jsonNotObject } from './json/not-object.ts';
import { jsonSyntax } from './json/syntax.ts';
import { ktoLabelType } from './kto/label-type.ts';
import { lengthAnswerCut } from './length/answer-cut.ts';
import { lengthPromptOnlyLeft } from './length/prompt-only-left.ts';
import { lengthTooLong } from './length/too-long.ts';
import { maskDiffersFromIntended } from './mask/differs-from-intended.ts';
import { maskEmptyThinkTrained } from './mask/empty-think-trained.ts';
import { maskEndOfTurnSplit } from './mask/end-of-turn-split.ts';
import { maskEndOfTurnUntrained } from './mask/end-of-turn-untrained.ts';
import { maskGuess } from './mask/guess.ts';
import { maskNoEndOfTurn } from './mask/no-end-of-turn.ts';
import { maskNoTrainedTokens } from './mask/no-trained-tokens.ts';
import { maskOwnText } from './mask/own-text.ts';
import { maskWeightIgnored } from './mask/weight-ignored.ts';
import { messagesConsecutiveAssistant } from './messages/consecutive-assistant.ts';
import { preferenceIdentical } from './preference/identical.ts';
import { preferenceNoDifference } from './preference/no-difference.ts';
import { preferencePromptDiffers } from './preference/prompt-differs.ts';
import type { Severity } from './problem.ts';
import { rolesLastNotAssistant } from './roles/last-not-assistant.ts';
import { rolesNoAssistant } from './roles/no-assistant.ts';
import { rolesNoUser } from './roles/no-user.ts';
import { rolesOrder } from './roles/order.ts';
import { rolesUnknown } from './roles/unknown.ts';
import { schemaField } from './schema/field.ts';
import { templateDoubleBos } from './template/double-bos.ts';
import { templateDropsField } from './template/drops-field.ts';
import { templateInvalid } from './template/invalid.ts';
import { templateLimit } from './template/limit.ts';
import { templateRaises } from './template/raises.ts';
import { templateVersionDiffers } from './template/version-differs.ts';
import { thinkingMixed } from './thinking/mixed.ts';
import { thinkingUnclosed } from './thinking/unclosed.ts';
import { tokensBoundaryMerge } from './tokens/boundary-merge.ts';
import { tokensControlInText } from './tokens/control-in-text.ts';
import { tokensIdRange } from './tokens/id-range.ts';
import { tokensLabelsLength } from './tokens/labels-length.ts';
import { tokensSanitized } from './tokens/sanitized.ts';
import { toolsArgumentsNotJson } from './tools/arguments-not-json.ts';
import { toolsArgumentsSchema } from './tools/arguments-schema.ts';
import { toolsArgumentsType } from './tools/arguments-type.ts';
import { toolsCallWithoutResult } from './tools/call-without-result.ts';
import { toolsDuplicateId } from './tools/duplicate-id.ts';
import { toolsDuplicateName } from './tools/duplicate-name.ts';
import { toolsResultWithoutCall } from './tools/result-without-call.ts';
import { toolsUnknownName } from './tools/unknown-name.ts';

/** Every check. A new one is a file, a line here and a page in docs/checks. */
export const CHECKS: readonly Check[] = [
  jsonDuplicateKey,
  jsonLoneSurrogate,
  jsonNotFinite,
  jsonNotObject,
  jsonSyntax,
  jsonEncoding,
  schemaField,
  formatNothingRead,
  formatUnknown,
  rolesLastNotAssistant,
  rolesNoAssistant,
  rolesNoUser,
  rolesOrder,
  rolesUnknown,
  messagesConsecutiveAssistant,
  contentControlCharacter,
  contentEmpty,
  contentNull,
  contentReplacementCharacter,
  contentWhitespaceEdge,
  thinkingMixed,
  thinkingUnclosed,
  toolsArgumentsNotJson,
  toolsArgumentsSchema,
  toolsArgumentsType,
  toolsCallWithoutResult,
  toolsDuplicateId,
  toolsDuplicateName,
  toolsResultWithoutCall,
  toolsUnknownName,
  preferenceIdentical,
  preferenceNoDifference,
  preferencePromptDiffers,
  ktoLabelType,
  tokensBoundaryMerge,
  tokensControlInText,
  tokensIdRange,
  tokensLabelsLength,
  tokensSanitized,
  templateDoubleBos,
  templateDropsField,
  templateInvalid,
  templateLimit,
  templateRaises,
  templateVersionDiffers,
  maskDiffersFromIntended,
  maskEmptyThinkTrained,
  maskEndOfTurnSplit,
  maskEndOfTurnUntrained,
  maskGuess,
  maskNoEndOfTurn,
  maskNoTrainedTokens,
  maskOwnText,
  maskWeightIgnored,
  lengthAnswerCut,
  lengthPromptOnlyLeft,
  lengthTooLong,
  fileMixedFormats,
  fileDuplicateRow,
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
