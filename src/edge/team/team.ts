/** The people of a shop, each with a sign-in and a role: invited, changed, removed, and what they did. */
export { registerTeam } from "./all-team.ts";
