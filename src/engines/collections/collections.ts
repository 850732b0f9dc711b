/**
 * What is due under trade numbers and paid at counters (paragraphs 0069-0085): a server says what is due, those who take
 * money say what they took, and this database alone decides whether a due was paid or withdrawn. Every change goes through
 * one engine, in batches that are committed together, each once for its id.
 */
export { auditCollections } from "./audit.ts";
export type { CollectionOutcome, PaymentOutcome } from "./batch.ts";
export { type Collections, createCollections } from "./collection-service.ts";
export {
  type Collector,
  type CollectorFee,
  feeBearers,
  listCollectors,
  putCollector,
  readCollectors,
  setCollectorFee,
} from "./collector-store.ts";
export {
  type Funding,
  fundingSweeper,
  listFundings,
  openFunding,
  readFunding,
} from "./fundings.ts";
export type { CollectionView } from "../../core/protocol/schemas.ts";
export { keepAgain, listSaid, lockReturned, numbersPaid, readOpenDue, type Said } from "./store.ts";
export { accountOfCollector, bankTransfers } from "./world.ts";
