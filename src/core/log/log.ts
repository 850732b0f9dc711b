/**
 * A log that only grows, without I/O: the tree over its leaves with proofs (RFC 9162), the text of each row that goes into a
 * leaf, and which parts of it are for whose eyes. Hashes are handed in, so that it runs anywhere.
 */
export { type EventPart, fieldParts, partsFor } from "./event-parts.ts";
export {
  type CommandLeg,
  commandRow,
  eventRow,
  type LeafRow,
  rowOf,
  type SealedEvents,
  sealedTables,
  type SealedTable,
} from "./rows.ts";
export {
  completeNodes,
  consistencyRanges,
  foldNodes,
  grow,
  type Hash,
  type Hasher,
  inclusionRanges,
  type Node,
  type Range,
  rootOf,
  siblingsOf,
} from "./tree.ts";
