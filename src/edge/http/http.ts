/** The one way to make a server: limits, bodies, refusals, logs, counts, documents, closing. */
export { closeGracefully } from "./closing.ts";
export { makeCheck, makeInspection, makeInstructionCheck, type Rejection, wordOf } from "./check.ts";
export { contactLog, type Contacts, failureLog, reasonOf } from "./failures.ts";
export {
  cookieIn,
  type Cookies,
  idempotencyKey,
  languageAsked,
  leadingTo,
  cookieName,
  makeCookies,
  pagePolicy,
  readingCodes,
} from "./headers.ts";
export { type LogLevel, makeLog } from "./log.ts";
export { durationBounds, type Gauges, type Metrics } from "./metrics.ts";
export { listenForMetrics } from "./metrics-listener.ts";
export { noteRefusal, sendProblem } from "./problems.ts";
export { sayWhere, type Server } from "./routes.ts";
export { sendJson } from "./body.ts";
export {
  limits,
  makeServer,
  metricsOf,
  type ServerOptions,
} from "./server.ts";
export { fileOf, photoLimits, type Uploaded, uploadLimits, withFiles } from "./upload.ts";
