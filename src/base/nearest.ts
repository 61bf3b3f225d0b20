import { distance } from 'fastest-levenshtein';

/**
 * `; did you mean "x"?` for the known word that is most like `word`, or an empty text when none is
 * similar.
 */
export function suggestion(word: string, known: Iterable<string>): string {
  const ranked = [...known]
    .map((name) => ({ name, edits: distance(word.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked.at(0);
  return best !== undefined && best.edits <= Math.max(2, Math.floor(word.length / 3))
    ? `; did you mean "${best.name}"?`
    : '';
}
