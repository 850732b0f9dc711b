/** Rules of the stylesheet by what they are for; `parts/style.ts` puts them behind its own. */
export { deskStyles } from "./desk.ts";
export { peopleStyles } from "./people.ts";
