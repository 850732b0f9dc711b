/** The one way to make a server: limits, bodies, refusals, logs, counts, documents, closing. */
export { deepestNesting, parseForm, parseJson } from "./body.ts";
export { makeCheck } from "./check.ts";
export { type Cookies, makeCookies, type SameSite } from "./cookies.ts";
export { idempotencyKey, refuseCrossSite } from "./guards.ts";
export type { LogLevel } from "./log.ts";
export { problemType, sendProblem } from "./problems.ts";
export type { DeclaredRoute } from "./routes.ts";
export {
  closeGracefully,
  limits,
  makeServer,
  routesOf,
  type Server,
  type ServerOptions,
  sendJson,
} from "./server.ts";
