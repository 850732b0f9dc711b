/** Photos on pages: the field by which they are brought, and how they are shown. Data in, HTML out. */
export { PhotoField, Photos, type Showing } from "./photo-parts.tsx";
