import type { TreeNode } from './treeNode.ts';

export interface TreeChange {
  /** All rows by id. */
  readonly nodes: Map<string, TreeNode>;
  /** `structure`: rows came, went or moved. Else the ids of rows that look different. */
  readonly changed: 'structure' | string[];
}

/** The difference for VS Code between two trees. A row that is the same object has not changed below either. */
export function changedNodes(before: ReadonlyMap<string, TreeNode>, roots: readonly TreeNode[]): TreeChange {
  const nodes = new Map<string, TreeNode>();
  const changed: string[] = [];
  let sameStructure = true;
  const visit = (siblings: readonly TreeNode[], known: boolean) => {
    for (const node of siblings) {
      nodes.set(node.id, node);
      const old = known ? node : before.get(node.id);
      if (!old || (old !== node && childIds(old) !== childIds(node))) sameStructure = false;
      else if (old !== node && look(old) !== look(node)) changed.push(node.id);
      visit(node.children, old === node);
    }
  };
  visit(roots, false);
  if (nodes.size !== before.size) sameStructure = false;
  return { nodes, changed: sameStructure ? changed : 'structure' };
}

function childIds({ children }: TreeNode): string {
  return children.map(({ id }) => id).join('\n');
}

function look({ label, description, icon, isStale, contextValue, accessibilityLabel }: TreeNode): string {
  return [label, description, icon?.id, icon?.color, isStale, contextValue, accessibilityLabel].join('\n');
}
