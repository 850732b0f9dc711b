/** What those at a guarantor see who watch over its guarantees; data in, HTML out. */
export { type BillLine, BookPage, type BookShown } from "./book-page.tsx";
export type { GuaranteeShown, Owes } from "./guarantee-card.tsx";
export { NearLinesPage, PhasePage } from "./list-pages.tsx";
export type { NearShown } from "./near-line.tsx";
