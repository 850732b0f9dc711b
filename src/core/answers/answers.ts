/** What servers answer, as schemas: each route names its own, and the published description is made of them. */
export * from "./accounts.ts";
export * from "./carts.ts";
export * from "./chains.ts";
export * from "./desk.ts";
export * from "./doorstep.ts";
export * from "./examples.ts";
export * from "./log.ts";
export * from "./members.ts";
export * from "./messages.ts";
export * from "./parties.ts";
export * from "./problem.ts";
export * from "./servers.ts";
export * from "./trades.ts";
