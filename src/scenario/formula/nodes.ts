/** Index of a node. */
export type NodeId = number;

export type Node =
  | { readonly op: 'const'; readonly value: number }
  | { readonly op: 'term'; readonly name: string; readonly side: 0 | 1 }
  | { readonly op: UnaryOp; readonly a: NodeId }
  | { readonly op: BinaryOp; readonly a: NodeId; readonly b: NodeId }
  /** b where a holds, else c. */
  | { readonly op: 'select'; readonly a: NodeId; readonly b: NodeId; readonly c: NodeId };
export type UnaryOp = 'neg' | 'abs' | 'exp' | 'log' | 'sqrt' | 'not';
type BinaryOp = 'add' | 'mul' | 'div' | 'min' | 'max' | 'less' | 'atMost' | 'equal' | 'and' | 'or';

/** What an operation reads. */
export function operands(node: Node): readonly NodeId[] {
  if ('c' in node) return [node.a, node.b, node.c];
  if ('b' in node) return [node.a, node.b];
  return 'a' in node ? [node.a] : [];
}
