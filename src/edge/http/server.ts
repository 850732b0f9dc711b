import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import rateLimit from "@fastify/rate-limit";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import fastify, { type FastifyReply, type FastifyRequest, LogController, type RouteOptions } from "fastify";
import type { Logger } from "pino";
import type { TSchema } from "typebox";
import { type Problem, problem, Refusal } from "../../core/protocol/protocol.ts";
import { closed } from "../../core/protocol/schemas.ts";
import { type DeclaredRoute, type Described, fieldOfMade } from "../documents/documents.ts";
import { parseForm, parseJson } from "./body.ts";
import { makeCheck } from "./check.ts";
import {
  crossOrigin,
  type CrossOrigin,
  guardHost,
  guardUnsafe,
  ignoreExpectations,
  isUnsafe,
  pagePolicy,
} from "./headers.ts";
import { loggedPath } from "./log.ts";
import { Metrics } from "./metrics.ts";
import { addOwnRoutes } from "./own-routes.ts";
import {
  answerBrokenRequest,
  sayMore,
  internalProblem,
  problemOf,
  refusalOf,
  sendProblem,
} from "./problems.ts";
import { checkActs, methodsOf, type RouteState, type Server } from "./routes.ts";
import { letGo, parseUpload } from "./upload.ts";

export interface ServerOptions {
  name: string;
  version: string;
  description?: string;
  /** The closed list of who may call: each word with a sentence for the documents. `anyone` is in it. */
  access: Readonly<Record<string, string>>;
  /** The closed list of what operators do, each with a sentence for the documents; left out where there are none. */
  acts?: Readonly<Record<string, string>>;
  /** `makeLog` makes one. */
  log: Logger;
  /** Whether the server can do its work, its database for instance being there. */
  ready: () => Promise<boolean>;
  /** True where browsers reach the server over HTTPS. */
  secureCookies: boolean;
  /** Addresses or networks of proxies whose X-Forwarded-* headers are believed. */
  trustedProxies?: string[];
  maxConnections?: number;
  /** Origins of sites whose scripts may call with a key; none if left out. */
  browserOrigins?: readonly string[];
  /** Makes the HTML for a refusal that a person sees. */
  renderProblem?: (refused: Problem, request: FastifyRequest) => string | Promise<string>;
  /** Content security policy of pages, where `pagePolicy()` is not enough. */
  pagePolicy?: string;
  /** What its documents say beside what the routes do. */
  documents?: Partial<Documents>;
}

type Documents = Omit<Described, "name" | "version" | "description" | "acts" | "access">;

const undocumented: Documents = {
  url: "/",
  knownBy: {},
  schemes: {},
  tags: [],
  messages: {},
  firstSteps: [],
  examples: {},
  moreExamples: {},
};

/** Limits, each chosen; docs/decisions/0005-http.md says why. Times in milliseconds, sizes in bytes. */
export const limits = {
  body: 1024 * 1024,
  batchBody: 4 * 1024 * 1024,
  headers: 16 * 1024,
  parameter: 255,
  headersTimeout: 10_000,
  requestTimeout: 45_000,
  checkEvery: 2000,
  keepAliveTimeout: 65_000,
  connections: 4096,
} as const;

/** What a server keeps beside Fastify's own state. */
interface Inside {
  options: ServerOptions;
  log: Logger;
  metrics: Metrics;
  routes: DeclaredRoute[];
  described: Described;
  apiHeaders: Readonly<Record<string, string>>;
  pageHeaders: Readonly<Record<string, string>>;
  unmatched: RouteState;
  cross: CrossOrigin;
  closing: boolean;
}

const insides = new WeakMap<object, Inside>();

function makeInside(options: ServerOptions): Inside {
  const everywhere = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    ...(options.secureCookies ? { "strict-transport-security": "max-age=31536000; includeSubDomains" } : {}),
  };
  const { name, version, description = "", acts = {}, access, documents } = options;
  const metrics = new Metrics();
  const apiHeaders = {
    ...everywhere,
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  };
  const pageHeaders = { ...everywhere, "content-security-policy": options.pagePolicy ?? pagePolicy() };
  const unmatched = {
    unsafe: true,
    form: false,
    page: false,
    headers: apiHeaders,
    metrics: metrics.route("ANY", "unmatched"),
    madeBy: () => undefined,
  };
  return {
    options,
    log: options.log,
    metrics,
    routes: [],
    described: {
      ...undocumented,
      ...documents,
      name,
      version,
      description,
      acts,
      access: { anyone: "Anyone", ...access },
    },
    apiHeaders,
    pageHeaders,
    unmatched,
    cross: crossOrigin(options.browserOrigins ?? []),
    closing: false,
  };
}

function unused(): never {
  throw new Error("The compilers of this server are set before its first route.");
}

function makeFastify(inside: Inside): Server {
  const prefix = randomBytes(4).toString("hex");
  let count = 0;
  const server: Server = fastify({
    bodyLimit: limits.body,
    keepAliveTimeout: limits.keepAliveTimeout,
    requestTimeout: limits.requestTimeout,
    // Requests that still come in on an open connection while the server closes are answered as ever,
    // with `Connection: close`: their sender could not know.
    return503OnClosing: false,
    trustProxy: inside.options.trustedProxies ?? false,
    routerOptions: { maxParamLength: limits.parameter },
    // Its own compilers are set below. Fastify's take time to load and megabytes, also where nobody uses them.
    schemaController: { compilersFactory: { buildValidator: unused, buildSerializer: unused } },
    http: {
      // Node would refuse without a reason; guardHost gives one.
      requireHostHeader: false,
      maxHeaderSize: limits.headers,
      headersTimeout: limits.headersTimeout,
      connectionsCheckingInterval: limits.checkEvery,
    },
    genReqId: () => {
      count += 1;
      return `${prefix}-${count.toString(36)}`;
    },
    // Fastify's own lines about requests would hold query strings; onRequest below writes ours. Given no
    // logger, Fastify makes no child of it for each request, which was a tenth of the cost of an answer.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: () => inside.log,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) => {
      reply.headers(inside.apiHeaders).header("request-id", request.id);
      sendProblem(reply, problemOf(error, request.method) ?? internalProblem(request.id));
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  server.log = inside.log;
  ignoreExpectations(server.server);
  server.server.maxConnections = inside.options.maxConnections ?? limits.connections;
  return server;
}

/** Notes each route as it is declared, and refuses one that does not say who may call it. */
function noteRoute(inside: Inside, route: RouteOptions): void {
  const { config, url } = route;
  // A call that reads nothing of its query takes none: what is not known is refused there as in a body.
  const schema = url.startsWith("/v1/") ? { querystring: closed({}), ...route.schema } : route.schema;
  if (schema !== undefined) route.schema = schema;
  const methods = [route.method].flat();
  const name = `${methods.join(",")} ${url}`;
  const access = config?.access;
  if (config === undefined || access === undefined || access.length === 0) {
    throw new Error(`The route ${name} does not say who may call it.`);
  }
  const unknown = access.find((word) => !Object.hasOwn(inside.described.access, word));
  if (unknown !== undefined) throw new Error(`The route ${name} names ${unknown}, which is not in the list.`);
  const { page = false, form = false, acts = [] } = config;
  // What says that a request was no other site's wish is asked of forms.
  if (config.upload !== undefined && !form) throw new Error(`The route ${name} takes files and is no form.`);
  checkActs(inside.options.acts, name, access, methods.some(isUnsafe), acts);
  let made: { field: string | undefined } | undefined;
  const state: RouteState = {
    unsafe: methods.some(isUnsafe),
    form,
    page,
    headers: page ? inside.pageHeaders : inside.apiHeaders,
    metrics: inside.metrics.route(methods.join(","), url),
    madeBy: () => {
      // Looked for when first asked, when all routes are known.
      made ??= { field: fieldOfMade(inside.routes, { methods, url, access }) };
      return made.field;
    },
  };
  // A copy, because routes may share one object.
  route.config = { ...config, state };
  inside.routes.push({
    methods,
    url,
    access,
    page,
    form,
    acts,
    refusals: config.refusals ?? [],
    limited: config.rateLimit !== undefined,
    cookie: config.cookie === true,
    text: config.text === true,
    schema: schema ?? {},
  });
}

function noteAnswer(
  inside: Inside,
  request: FastifyRequest,
  reply: FastifyReply,
  ms: number,
  state: RouteState,
): void {
  inside.metrics.inFlight -= 1;
  const status = reply.raw.writableFinished ? reply.statusCode : 0;
  state.metrics.note(status, ms / 1000);
  const code = refusalOf(request);
  if (code !== undefined) inside.metrics.refused(code);
  // That the database is away is said once, by the failure log, and not for each request.
  const level = status >= 500 && status !== 503 ? "error" : "debug";
  if (!inside.log.isLevelEnabled(level)) return;
  const path = state === inside.unmatched ? undefined : loggedPath(request.url);
  inside.log[level](
    { request: { id: request.id, method: request.method, url: path }, status, ms: Math.round(ms * 10) / 10 },
    status === 0 ? "the client left" : "answered",
  );
}

function addRequestHook(server: Server, inside: Inside): void {
  server.addHook("onRequest", (request, reply, done) => {
    const state = request.routeOptions.config.state ?? inside.unmatched;
    const began = performance.now();
    inside.metrics.inFlight += 1;
    // `close` comes once whatever happens, also when the client has left; `finish` does not.
    reply.raw.on("close", () => noteAnswer(inside, request, reply, performance.now() - began, state));
    if (request.routeOptions.config.upload !== undefined) reply.raw.on("close", () => letGo(request));
    reply.headers(state.headers);
    reply.header("request-id", request.id);
    if (!state.page && !state.form) inside.cross.allow(request, reply);
    const nowhere = guardHost(request);
    if (nowhere !== undefined || !state.unsafe || !isUnsafe(request.method)) {
      done(nowhere && new Refusal(nowhere));
      return;
    }
    // A call without a body is one whose fields are all left out.
    request.body = {};
    const refused = guardUnsafe(request, state.form);
    done(refused === undefined ? undefined : new Refusal(refused));
  });
}

async function answerProblem(
  inside: Inside,
  request: FastifyRequest,
  reply: FastifyReply,
  refused: Problem,
): Promise<FastifyReply> {
  const state = request.routeOptions.config.state;
  const wantsPage =
    state?.page ?? (request.method === "GET" && request.headers.accept?.includes("text/html") === true);
  const { renderProblem } = inside.options;
  if (!wantsPage || renderProblem === undefined) return sendProblem(reply, refused);
  const page = await renderProblem(refused, request);
  sayMore(reply, refused);
  return reply.code(refused.status).headers(inside.pageHeaders).type("text/html; charset=utf-8").send(page);
}

function addErrorAnswers(server: Server, inside: Inside): void {
  server.setErrorHandler((error, request, reply) => {
    const refused = problemOf(error, request.method);
    if (refused === undefined) {
      inside.log.error(
        { err: error, request: { id: request.id, method: request.method, url: request.url } },
        "failed",
      );
    }
    // The next bytes of the connection may be the rest of a body that nobody reads.
    if (refused?.status === 413 || refused?.status === 415) reply.header("connection", "close");
    return answerProblem(inside, request, reply, refused ?? internalProblem(request.id));
  });
  server.setNotFoundHandler((request, reply) => {
    const end = request.url.indexOf("?");
    const path = end === -1 ? request.url : request.url.slice(0, end);
    const methods = methodsOf(inside.routes, path);
    const calls = inside.routes.filter(({ page, form }) => !page && !form);
    const allowed = inside.cross.preflight(request, methodsOf(calls, path));
    if (allowed !== undefined && methods.length > 0) return reply.code(204).headers(allowed).send();
    if (methods.length === 0) return answerProblem(inside, request, reply, problem("not_found"));
    reply.header("allow", methods.join(", "));
    return answerProblem(inside, request, reply, problem("method_not_allowed"));
  });
}

/** The counts of a server, and what Prometheus reads of it. */
export function metricsOf(server: Server): Metrics {
  const inside = insides.get(server);
  if (inside === undefined) throw new Error("This server was not made here.");
  return inside.metrics;
}

/**
 * Makes a server with every limit, guard and answer that all servers have in common. Declare routes on
 * it, then listen; close it with closeGracefully.
 */
export async function makeServer(options: ServerOptions): Promise<Server> {
  const inside = makeInside(options);
  const server = makeFastify(inside);
  insides.set(server, inside);
  server.setValidatorCompiler<TSchema>(({ schema, httpPart }) => {
    const check = makeCheck(schema, httpPart === "querystring" ? "query" : httpPart);
    return (value: unknown) => {
      const refused = check(value);
      return refused === undefined ? true : { error: new Refusal(refused) };
    };
  });
  // The schemas of answers are for the reader: an answer is typed, and filtering it again costs time.
  server.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  server.removeAllContentTypeParsers();
  server.addContentTypeParser<Buffer>("application/json", { parseAs: "buffer" }, (_request, body, done) =>
    done(null, parseJson(body)),
  );
  server.addContentTypeParser<Buffer>(
    "application/x-www-form-urlencoded",
    { parseAs: "buffer" },
    (_request, body, done) => done(null, parseForm(body)),
  );
  // It has to be a promise: what a reader of bodies throws before it answers one, nobody catches.
  server.addContentTypeParser(
    "multipart/form-data",
    async (request: FastifyRequest, payload: IncomingMessage) => {
      const { upload } = request.routeOptions.config;
      if (upload !== undefined) return parseUpload(request, payload, upload);
      throw new Refusal(problem("unsupported_media_type"));
    },
  );
  addRequestHook(server, inside);
  server.addHook("onRoute", (route) => noteRoute(inside, route));
  addErrorAnswers(server, inside);
  await server.register(rateLimit, {
    global: false,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, { after }) =>
      new Refusal(problem("too_many_requests", `Ask again in ${after}.`)),
  });
  addOwnRoutes(server, {
    described: inside.described,
    routes: inside.routes,
    ready: async () => !inside.closing && (await options.ready().catch(() => false)),
  });
  return server;
}

/** From now on the server says that it is not ready. */
export function sayClosing(server: Server): void {
  const inside = insides.get(server);
  if (inside !== undefined) inside.closing = true;
}
