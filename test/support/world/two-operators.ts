/** An institution as it runs where nobody is trusted alone, and what its two operators do together. */
import assert from "node:assert/strict";
import { type Database, openDatabase, rawSql } from "../../../src/storage/database/database.ts";
import { metricsOf } from "../../../src/edge/http/server.ts";
import { createInstitution } from "../../../src/servers/institution/institution.ts";
import { type Demo, seedInstitution } from "../../../src/tools/demo/demo.ts";
import { bearer, type Headers, type Reply, request, signIn } from "../wire/http.ts";
import { freshDatabase } from "./cluster.ts";
import { freePort } from "./free-port.ts";
import { testKey } from "./vault.ts";

export interface Guarded {
  url: string;
  demo: Demo;
  /** The owner's eyes on the database. */
  database: Database;
  /** Two operators who were there from the beginning, the first by key. */
  first: Headers;
  second: Headers;
  call: (method: string, path: string, who: Headers, body?: object) => Promise<Reply>;
  /** Asks as the first operator and confirms as the second; a secret is collected by the first. */
  together: (method: string, path: string, body?: object) => Promise<Reply>;
  /** The id of an act that was kept, and has to be. */
  kept: (reply: Reply, of?: string) => string;
  confirm: (act: string, who: Headers) => Promise<Reply>;
  /** What its own listener would answer to whoever watches it. */
  metrics: () => Promise<string>;
  pass: (interval: string) => Promise<unknown>;
}

export const limit = 100_000;

export async function startGuarded(
  t: { after(release: () => Promise<void>): unknown },
  { lookupsPerDay = 5 }: { lookupsPerDay?: number } = {},
): Promise<Guarded> {
  const place = await freshDatabase(t, "trading");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const common = {
    ...place,
    role: "kenshu_app",
    personalDataKeys: [testKey],
    settings: {
      approval: "none",
      currencies: ["JPY", "USD"],
      fee: { fixed: 0n, basisPoints: 0, roundTo: "shop" },
      fourEyes: { JPY: BigInt(limit) },
      requireProof: true,
      timeZone: "UTC",
      lookupsPerDay,
    },
  } as const;
  const demo = await seedInstitution({ ...common, loadMembers: 0 });
  if (demo === undefined) throw new Error("A fresh database had a demo in it.");
  const institution = await createInstitution({
    ...common,
    publicUrl: url,
    version: "0",
    sandbox: true,
    log: "silent",
  });
  await institution.server.listen({ host: "127.0.0.1", port });
  const database = openDatabase({ url: place.url, schema: place.schema });
  t.after(async () => {
    await institution.close();
    await database.close();
  });
  const call: Guarded["call"] = (method, path, who, body) => request(`${url}${path}`, method, who, body);
  const [, other] = demo.operators;
  if (other === undefined) throw new Error("The demo has one operator.");
  const first = bearer(demo.adminKey);
  const second = await signIn(url, other);
  const kept: Guarded["kept"] = (reply, of = "") => {
    const shown = `${of} ${reply.status} ${reply.text}`;
    assert.deepEqual([reply.status, reply.code], [403, "four_eyes_required"], shown);
    const id = reply.json["act"];
    assert.equal(typeof id, "string", shown);
    return String(id);
  };
  const confirm: Guarded["confirm"] = (act, who) => call("POST", `/v1/operator-acts/${act}/confirm`, who, {});
  return {
    url,
    demo,
    database,
    first,
    second,
    call,
    kept,
    confirm,
    metrics: () => metricsOf(institution.server).page(),
    together: async (method, path, body) => {
      const act = kept(await call(method, path, first, body), path);
      const reply = await confirm(act, second);
      const collect = reply.json["collect"];
      return typeof collect === "string" ? call("POST", collect, first, {}) : reply;
    },
    pass: (interval) =>
      database.execute(rawSql("update test_clock set ahead = ahead + $1::interval", [interval])),
  };
}
