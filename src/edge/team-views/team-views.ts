/** Pages about the people of a shop: data in, HTML out. */
export { ActList, ActsPage, type ActShown } from "./acts-page.tsx";
export { TeamPage, type TeamShown } from "./team-page.tsx";
