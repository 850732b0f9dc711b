/**
 * What holds for operators who act for people by phone, FAX, letter and at the counter (paragraphs 0080, 0093): they say
 * how the caller proved who it is, and above an amount a second operator looks at the same act before it is done. It
 * stands before the trades, for programs and pages alike, and knows nothing of what an act does.
 */
export { type Desk, type DeskRules, openDesk } from "./operator-acts.ts";
export { registerDeskRoutes } from "./routes.ts";
