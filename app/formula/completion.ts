import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { Diagnostic } from '@codemirror/lint';
import { formulaError } from '../../src/scenario/formula/formula.ts';
import { groupMembers, terms } from '../../src/scenario/formula/terms.ts';
import { constants, functions, termHelp } from '../../src/scenario/formula/words.ts';
import type { TermKind } from '../../src/scenario/formula/terms.ts';

const kinds: Readonly<Record<TermKind, string>> = {
  ...{ number: 'number', flag: 'yes or no', country: 'group', language: 'group', gender: 'group' },
};
const ofSides: readonly Completion[] = terms.map(({ name, kind }) => ({
  ...{ label: name, type: 'property', detail: kinds[kind], info: termHelp[name] },
}));
const atStart: readonly Completion[] = [
  { label: 'me', type: 'variable', apply: 'me.', info: 'One side of the pair.' },
  { label: 'you', type: 'variable', apply: 'you.', info: 'The other side of the pair.' },
  ...functions.map(({ name, form, help }) => ({
    ...{ label: name, type: 'function', detail: form.slice(name.length), apply: `${name}(`, info: help },
  })),
  ...constants.map(({ name, help }) => ({ label: name, type: 'constant', info: help })),
];

/** What may stand at the cursor: terms after "me." and "you.", members of a group, or any name. */
export function complete(context: CompletionContext): CompletionResult | null {
  const member = context.matchBefore(/\b(country|language|gender)\s*[=!]=\s*"?\w*/);
  if (member !== null) {
    const [kind] = /^\w+/.exec(member.text)!;
    const typed = /"?\w*$/.exec(member.text)![0];
    const names = groupMembers[kind as TermKind] ?? [];
    const options = names.map((name) => ({ label: `"${name}"`, type: 'text' }));
    return { from: member.to - typed.length, options };
  }
  const term = context.matchBefore(/\b(me|you)\.\w*/);
  if (term !== null)
    return { from: term.from + term.text.indexOf('.') + 1, options: ofSides, validFor: /^\w*$/ };
  const word = context.matchBefore(/\w+/);
  if (word === null && !context.explicit) return null;
  return { from: word?.from ?? context.pos, options: atStart, validFor: /^\w*$/ };
}

/** Marks the place of an error. */
export function diagnose(text: string): Diagnostic[] {
  const problem = text.trim() === '' ? undefined : formulaError(text);
  if (problem === undefined) return [];
  const { from, to } = problem.place;
  return [
    { from, to: Math.max(to, Math.min(from + 1, text.length)), severity: 'error', message: problem.reason },
  ];
}
