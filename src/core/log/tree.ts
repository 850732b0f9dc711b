/**
 * Merkle tree hashes after RFC 9162, section 2.1. A log keeps the hash of every complete subtree once; a root or a proof is
 * made of ranges of leaves, and each range of the hashes of complete subtrees.
 */

/** 32 bytes in base64, as checkpoints and proofs are written. */
export type Hash = string;

export interface Hasher {
  /** SHA-256 of 0x00 and the text in UTF-8. */
  leaf(text: string): Hash;
  /** SHA-256 of 0x01 and the two hashes. */
  node(left: Hash, right: Hash): Hash;
  /** The root of a tree without leaves: SHA-256 of nothing. */
  readonly empty: Hash;
}

/** The subtree over the 2^level leaves that begin with number `place * 2^level`. */
export interface Node {
  level: number;
  place: number;
}

/** Leaves from `from` to before `to`; `from` is where a subtree of the tree begins. */
export interface Range {
  from: number;
  to: number;
}

/** The root over leaves that are all at hand. A node without a right neighbour goes up as it is. */
export function rootOf(leaves: readonly Hash[], hasher: Hasher): Hash {
  const hashes = [...leaves];
  let count = hashes.length;
  while (count > 1) {
    const pairs = count >> 1;
    for (let at = 0; at < pairs; at += 1)
      hashes[at] = hasher.node(hashes[2 * at] ?? "", hashes[2 * at + 1] ?? "");
    if (count % 2 === 1) hashes[pairs] = hashes[count - 1] ?? "";
    count -= pairs;
  }
  return hashes[0] ?? hasher.empty;
}

/** The proof that the leaf numbered `index` is in the tree over these leaves. */
export function siblingsOf(leaves: readonly Hash[], index: number, hasher: Hasher): Hash[] {
  return inclusionRanges(index, leaves.length).map(({ from, to }) => rootOf(leaves.slice(from, to), hasher));
}

/** The largest power of two below `count`, which is at least 2. */
function splitOf(count: number): number {
  let half = 1;
  while (half * 2 < count) half *= 2;
  return half;
}

/** What a proof of inclusion names, from the leaf up: the hashes of these ranges. */
export function inclusionRanges(index: number, size: number): Range[] {
  const ranges: Range[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  return ranges.reverse();
}

/** What a proof names that the tree of `size` leaves only adds to that of the first `before`, which is at least 1. */
export function consistencyRanges(before: number, size: number): Range[] {
  const ranges: Range[] = [];
  let [from, to] = [0, size];
  while (before < to) {
    const middle = from + splitOf(to - from);
    if (before <= middle) {
      ranges.push({ from: middle, to });
      to = middle;
    } else {
      ranges.push({ from, to: middle });
      from = middle;
    }
  }
  // The old root itself is known to whoever asks; a part of it has to be told.
  if (from > 0) ranges.push({ from, to });
  return ranges.reverse();
}

/** The complete subtrees that a range is made of, the largest first. */
export function completeNodes({ from, to }: Range): Node[] {
  const nodes: Node[] = [];
  for (let at = from; at < to; ) {
    let [level, width] = [0, 1];
    while (width * 2 <= to - at) {
      level += 1;
      width *= 2;
    }
    nodes.push({ level, place: at / width });
    at += width;
  }
  return nodes;
}

/** The hash of a range from the hashes of its complete subtrees, in the order of {@link completeNodes}. */
export function foldNodes(hashes: readonly Hash[], hasher: Hasher): Hash {
  return hashes.length === 0 ? hasher.empty : hashes.reduceRight((right, left) => hasher.node(left, right));
}

/**
 * Adds leaves to a tree of `size` leaves, whose complete subtrees have these hashes. Answers every subtree that is
 * complete with them, and the complete subtrees of the tree as it is then.
 */
export function grow(
  size: number,
  edge: readonly Hash[],
  leaves: readonly Hash[],
  hasher: Hasher,
): { nodes: (Node & { hash: Hash })[]; edge: Hash[] } {
  const complete = completeNodes({ from: 0, to: size });
  const open = edge.map((hash, at) => ({
    level: complete[at]?.level ?? 0,
    place: complete[at]?.place ?? 0,
    hash,
  }));
  const nodes: (Node & { hash: Hash })[] = [];
  leaves.forEach((hash, index) => {
    let node = { level: 0, place: size + index, hash };
    nodes.push(node);
    for (let left = open.at(-1); left?.level === node.level; left = open.at(-1)) {
      open.pop();
      node = { level: node.level + 1, place: left.place / 2, hash: hasher.node(left.hash, node.hash) };
      nodes.push(node);
    }
    open.push(node);
  });
  return { nodes, edge: open.map(({ hash }) => hash) };
}
