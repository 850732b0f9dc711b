/** This server as a witness of others' logs (c2sp.org/tlog-witness). No call needs a key: what counts is what is signed. */
import { witnessedSchema } from "../../core/answers/answers.ts";
import { hash, type KeyObject } from "node:crypto";
import { isGrowth, readCheckpoint } from "@kenshu/sdk";
import Type from "typebox";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed } from "../../core/protocol/schemas.ts";
import type { Client, Database } from "../../storage/database/database.ts";
import { cosign, keyFrom, originsOf, witnessName } from "../../engines/sealer/sealer.ts";
import type { Server } from "../http/http.ts";
import { type Peer, type Peers, readResponse } from "../signing/signing.ts";
import {
  insertWitnessed,
  keepKey,
  lockOrigin,
  readKey,
  readOrigins,
  readWitnessed,
  type Witnessed,
} from "./store.ts";

export interface WitnessOptions {
  database: Database;
  peers: Peers;
  publicUrl: string;
  /** By which this server signs what it has seen. */
  key: KeyObject;
}

const tags = ["Log"];
const plain = Type.String({ contentMediaType: "text/plain" });
/** The size that was witnessed last. */
const sizeText = Type.String({ contentMediaType: "text/x.tlog.size" });
const bodyMost = 16 * 1024;
/** 63 hashes are a tree of 2^63 leaves. */
const bodyForm = /^old (0|[1-9][0-9]{0,15})\n((?:[A-Za-z0-9+/]{43}=\n){0,63})\n([\s\S]+)$/;

interface Submitted {
  old: number;
  proof: string[];
  note: string;
}

function readSubmission(body: unknown): Submitted {
  const [, old, hashes = "", note = ""] = bodyForm.exec(typeof body === "string" ? body : "") ?? [];
  if (old === undefined)
    return refuse("malformed_request", "A checkpoint comes behind `old`, hashes and an empty line.");
  return { old: Number(old), proof: hashes.split("\n").slice(0, -1), note };
}

export function registerWitnessRoutes(server: Server, options: WitnessOptions): void {
  registerReads(server, options);
  // Plain text is taken by this one call and nowhere else on the server.
  void server.register(async (inside) => registerSubmission(inside, options));
}

function registerSubmission(server: Server, options: WitnessOptions): void {
  server.addContentTypeParser<string>(
    "text/plain",
    { parseAs: "string", bodyLimit: bodyMost },
    (_request, body, done) => done(null, body),
  );
  server.post(
    "/v1/witness/add-checkpoint",
    {
      config: { access: ["anyone"], text: true, refusals: ["not_found", "not_allowed", "invalid_field"] },
      schema: {
        tags,
        summary: "Have a checkpoint of a log witnessed (c2sp.org/tlog-witness), as text/plain",
        answers: { 200: plain, 409: sizeText },
        description:
          "For the logs of the servers that this one is configured to talk to. 409 answers the size that was witnessed last, as text/x.tlog.size.",
      },
    },
    async (request, reply) => {
      const answer = await witness(options, readSubmission(request.body));
      if ("line" in answer) return reply.type("text/plain; charset=utf-8").send(answer.line);
      return reply.code(409).type("text/x.tlog.size").send(`${answer.size}\n`);
    },
  );
}

/** The line by which this server has seen a checkpoint; or the size that it has seen already. */
async function witness(
  options: WitnessOptions,
  { old, proof, note }: Submitted,
): Promise<{ line: string } | { size: number }> {
  const { database, peers, key, publicUrl } = options;
  const [origin = ""] = note.split("\n");
  const peer = peers.list().find(({ url }) => originsOf(url, origin));
  if (peer === undefined) return refuse("not_found", "Logs of this name are not witnessed here.");
  const checkpoint = await readCheckpoint(note, { log: keyFrom(origin, await keyOfPeer(database, peer)) });
  if (typeof checkpoint === "string")
    return refuse("not_allowed", `The checkpoint does not count: ${checkpoint}.`);
  const { size, root } = checkpoint;
  if (old > size) return refuse("malformed_request", "The old size is above the new one.");
  return database.transaction(async (client) => {
    const seconds = await lockOrigin(client, origin);
    const [last] = await readWitnessed(client, origin, Number.MAX_SAFE_INTEGER, 1);
    const before: Pick<Witnessed, "size" | "root"> = last ?? { size: 0, root: "" };
    if (before.size !== old) return { size: before.size };
    if (!(await isGrowth({ before, after: { size, root }, proof })))
      return refuse("invalid_field", "The checkpoint does not add to the one that was witnessed last.");
    const text = note.slice(0, note.lastIndexOf("\n\n") + 1);
    const line = cosign(text, { name: witnessName(publicUrl), key, kind: "witness" }, seconds);
    if (size > old) await insertWitnessed(client, origin, { size, root, note: note + line });
    return { line };
  });
}

/** The key of a peer's log: asked for once, and from then on the one that was seen first. */
async function keyOfPeer(database: Database, peer: Peer): Promise<string> {
  const known = await readKey(database, peer.id);
  if (known !== undefined) return known;
  const answer = await fetch(`${peer.url}/v1/log`, {
    redirect: "error",
    signal: AbortSignal.timeout(fetchTimeoutMs),
  })
    .then(
      async (reply) =>
        JSON.parse((await readResponse(reply, bodyMost)).toString("utf8")) as { key?: unknown },
    )
    .catch(() => refuse("unavailable", `The log of ${peer.name} could not be read.`));
  const [, material] = /^[^+]+\+[0-9a-f]{8}\+([A-Za-z0-9+/]{44})$/.exec(String(answer.key)) ?? [];
  if (material === undefined) return refuse("unavailable", `${peer.name} names no key of its log.`);
  return keepKey(database, peer.id, material);
}

const fetchTimeoutMs = 3000;
const shownAtOnce = 100;
const hashParams = closed({ hash: Type.String({ pattern: "^[0-9a-f]{64}$" }) });
const belowQuery = closed({ below: Type.Optional(Type.String({ pattern: "^[1-9][0-9]{0,15}$" })) });

async function originOfHash(client: Client, wanted: string): Promise<string> {
  const origins = await readOrigins(client);
  return origins.find((origin) => hash("sha256", origin, "hex") === wanted) ?? refuse("not_found");
}

function registerReads(server: Server, { database }: WitnessOptions): void {
  const config = { access: ["anyone"], refusals: ["not_found"] } as const;
  server.get(
    "/v1/witness/:hash/checkpoint",
    {
      config,
      schema: {
        tags,
        summary: "The last checkpoint that was witnessed of a log",
        answers: { 200: plain },
        params: hashParams,
      },
    },
    async (request, reply) => {
      const origin = await originOfHash(database, request.params.hash);
      const [last] = await readWitnessed(database, origin, Number.MAX_SAFE_INTEGER, 1);
      return reply.type("text/plain; charset=utf-8").send(last?.note ?? refuse("not_found"));
    },
  );
  server.get(
    "/v1/witness/:hash/checkpoints",
    {
      config,
      schema: {
        tags,
        summary: "All checkpoints that were witnessed of a log, the largest first",
        answers: { 200: witnessedSchema },
        description: "`below` is `next` of the page before.",
        params: hashParams,
        querystring: belowQuery,
      },
    },
    async (request) => {
      const origin = await originOfHash(database, request.params.hash);
      const below = Number(request.query.below ?? Number.MAX_SAFE_INTEGER);
      const found = await readWitnessed(database, origin, below, shownAtOnce + 1);
      const items = found.slice(0, shownAtOnce).map(({ note }) => note);
      return { items, next: found.length > shownAtOnce ? String(found[shownAtOnce - 1]?.size) : null };
    },
  );
}
