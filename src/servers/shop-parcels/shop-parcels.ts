/** What the shop prints for a parcel: what stands on it, and what lies in it. */
export { type Parcel, ParcelPapers } from "./parcel-papers.tsx";
export { ParcelPart } from "./parcel-part.tsx";
