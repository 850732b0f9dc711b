/** What operators see of queues and lists: what waits, disputes, who has applied, parties, servers. Data in, HTML out. */
export { type DisputeLine, DisputesPage } from "./disputes.tsx";
export {
  DecideLookPage,
  DecidePage,
  outcomes,
  type ResolveOutcome,
  type Pieces,
  type Verdict,
} from "./decide.tsx";
export { Facts, type Names } from "./facts.tsx";
export { type ActLink, type Listed, ListPage, OnePage, type Section } from "./listing.tsx";
export { type ActShown, WaitingActPage, WaitingPage } from "./waiting.tsx";
export type { Place, TermsShown } from "./waiting-parts.tsx";
