/** The shop's office: its money, the servers at which it sells and what is heard of them, where goods come back to, and the staff. */
export { addMoney } from "./money-routes.ts";
export { OwnPassword } from "./own-password.tsx";
export { addReturns } from "./returns-routes.ts";
export { addServers } from "./servers-routes.ts";
export { addTeam } from "./team-routes.ts";
