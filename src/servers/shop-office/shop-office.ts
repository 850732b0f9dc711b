/** The shop's office: its money, the servers at which it sells and what is heard of them, where goods come back to, and the staff. */
export { MoneyPage } from "./money-page.tsx";
export { addMoney } from "./money-routes.ts";
export { StaffReturnsPage } from "./returns-page.tsx";
export { addReturns } from "./returns-routes.ts";
export { ServersPage } from "./servers-page.tsx";
export { addServers } from "./servers-routes.ts";
export { TeamPage } from "./team-page.tsx";
export { addTeam } from "./team-routes.ts";
