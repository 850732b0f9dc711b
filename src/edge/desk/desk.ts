/**
 * What holds for operators who act for people by phone, FAX, letter and at the counter (paragraphs 0080, 0093): they say
 * how the person proved who they are, and what moves money is confirmed by a second one where one may not do it alone. It
 * stands before the trades, for programs and pages alike, and knows nothing of what an act does.
 */
export { openDesk } from "./operator-acts.ts";
export { registerDeskRoutes } from "./routes.ts";
