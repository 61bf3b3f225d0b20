import { createScanner, findNodeAtLocation, parseTree, printParseErrorCode, type Node } from 'jsonc-parser';
import type { ParseError } from 'jsonc-parser';
import { LabError } from '../../base/errors.ts';
import { placeIn, placeText } from '../../base/text/place.ts';

const MAX_DEPTH = 64;

export interface JsonText {
  readonly value: unknown;
  /**
   * `file:line:column` of the member or list element at this path, or of the nearest one around it.
   */
  place(path: readonly (string | number)[]): string;
}

/**
 * Reads JSON strictly (RFC 8259) and remembers where everything stands. Also refused: a name that
 * is used twice in an object, a number beyond the range of a double, and nesting deeper than 64
 * levels. Lines and columns count from 1, columns in characters. @throws LabError with
 * `file:line:column`.
 */
export function parseJson(text: string, file: string): JsonText {
  const placeOf = (offset: number) => placeText(file, placeIn(text, offset, 1));
  const fail: Fail = (offset, message) => {
    throw new LabError(message, placeOf(offset));
  };
  if (text.trim() === '') fail(0, 'the file is empty; expected JSON, such as {"seed": 3}');
  checkDepth(text, fail);
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: false, disallowComments: true });
  if (errors.length > 0 || root === undefined)
    return fail(errors[0]?.offset ?? 0, `expected JSON; ${syntaxMessage(text, errors[0])}`);
  checkMembers(root, fail);
  return {
    value: JSON.parse(text),
    place(path) {
      for (let length = path.length; length > 0; length--) {
        const node = findNodeAtLocation(root, path.slice(0, length));
        // A member is the pair of its name and its value: the place is that of the name.
        if (node) return placeOf(node.parent?.type === 'property' ? node.parent.offset : node.offset);
      }
      return placeOf(root.offset);
    },
  };
}

type Fail = (offset: number, message: string) => never;

/** The parser is recursive, so depth is checked on the tokens first. */
function checkDepth(text: string, fail: Fail): void {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (;;) {
    const start = scanner.getPosition();
    scanner.scan();
    const at = scanner.getTokenOffset();
    if (at >= text.length || scanner.getPosition() === start) return;
    const token = text[at];
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    if (depth > MAX_DEPTH) fail(at, `this is nested deeper than ${MAX_DEPTH} levels`);
  }
}

function checkMembers(node: Node, fail: Fail): void {
  const names = new Set<string>();
  for (const child of node.children ?? []) {
    if (node.type === 'object') {
      const [name] = child.children ?? [];
      const key = name.value as string;
      if (names.has(key)) fail(name.offset, `the name ${JSON.stringify(key)} is used twice in this object`);
      names.add(key);
    }
    checkMembers(child, fail);
  }
  if (node.type === 'number' && !Number.isFinite(node.value))
    fail(node.offset, 'this number is too large for a 64-bit float');
}

const messages = new Map([
  ['InvalidSymbol', 'names and texts stand in double quotes; other words are true, false and null'],
  ['InvalidCommentToken', 'comments are not allowed'],
  ['UnexpectedEndOfComment', 'comments are not allowed'],
  ['PropertyNameExpected', 'a name in double quotes was expected'],
  ['ValueExpected', 'a value was expected'],
  ['ColonExpected', 'a colon was expected'],
  ['CommaExpected', 'a comma was expected'],
  ['CloseBraceExpected', '"}" was expected'],
  ['CloseBracketExpected', '"]" was expected'],
  ['EndOfFileExpected', 'the end of the file was expected'],
  ['UnexpectedEndOfString', 'this text has no closing quote'],
  ['UnexpectedEndOfNumber', 'digits were expected'],
  ['InvalidCharacter', 'this text holds a control character; write line breaks as \\n and tabs as \\t'],
  ['InvalidEscapeCharacter', 'this text holds an unknown \\ escape'],
  ['InvalidUnicode', 'this text holds an incomplete \\u escape'],
]);

function syntaxMessage(text: string, error: ParseError | undefined): string {
  if (error === undefined) return 'nothing was found';
  const message = messages.get(printParseErrorCode(error.error)) ?? 'this cannot be read';
  const end = text.trimEnd().length;
  if (error.offset >= end) return `${message}; the file ends too soon`;
  const word = /^[\w.+-]+/.exec(text.slice(error.offset, error.offset + 40))?.[0];
  return `${message}; found ${JSON.stringify(word ?? String.fromCodePoint(text.codePointAt(error.offset) ?? 0))}`;
}
