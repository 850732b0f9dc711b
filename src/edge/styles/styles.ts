/** Rules of the stylesheet by what they are for; `parts/style.ts` puts them together. */
export { deskStyles } from "./desk.ts";
export { figureStyles } from "./figures.ts";
