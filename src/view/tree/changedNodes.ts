import type { TreeNode } from './treeNode.ts';

/** All rows by id, and what VS Code has to be told: that rows came, went or moved, or which rows only look new. */
export interface TreeChange {
  readonly nodes: Map<string, TreeNode>;
  readonly changed: 'structure' | string[];
}

export function changedNodes(before: ReadonlyMap<string, TreeNode>, roots: readonly TreeNode[]): TreeChange {
  const nodes = new Map<string, TreeNode>();
  const changed: string[] = [];
  let sameStructure = true;
  const keep = (siblings: readonly TreeNode[]) => {
    for (const node of siblings) {
      nodes.set(node.id, node);
      keep(node.children);
    }
  };
  const visit = (siblings: readonly TreeNode[]) => {
    for (const node of siblings) {
      nodes.set(node.id, node);
      const old = before.get(node.id);
      if (old === node) {
        keep(node.children);
        continue;
      }
      if (!old || childIds(old) !== childIds(node)) sameStructure = false;
      else if (look(old) !== look(node)) changed.push(node.id);
      visit(node.children);
    }
  };
  visit(roots);
  if (nodes.size !== before.size) sameStructure = false;
  return { nodes, changed: sameStructure ? changed : 'structure' };
}

function childIds({ children }: TreeNode): string {
  return children.map(({ id }) => id).join('\n');
}

function look({ label, description, icon, contextValue, accessibilityLabel }: TreeNode): string {
  return [label, description, icon?.id, icon?.color, contextValue, accessibilityLabel].join('\n');
}
