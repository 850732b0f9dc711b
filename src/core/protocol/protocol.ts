/** What parties say to each other: words, refusals, numbers. Schemas stand in schemas.ts. */
export * from "./durations.ts";
export * from "./ids.ts";
export * from "./numbers.ts";
export * from "./problems.ts";
export * from "./text.ts";
export * from "./trade.ts";
