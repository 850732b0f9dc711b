/**
 * Everything that can be sent to an institution and should not be. Whatever comes in, the answer is a problem of the
 * registry, nothing has changed, and the server is there afterwards. What is tested is read from the server's own
 * description, so that a new call is tested by being described.
 */
import assert from "node:assert/strict";
import { randomInt, randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { brokenBodies, type Hostile, hostileBodies, type Known, sampleOf } from "./support/wire/corpus.ts";
import { type Operation, operationsOf } from "./support/wire/described.ts";
import { leavesNoTrace } from "./support/tables/fingerprint.ts";
import { assertProblem, type Headers, type Json, type Reply, request } from "./support/wire/http.ts";
import { startReceiver } from "./support/wire/receiver.ts";
import { setStage } from "./support/world/stage.ts";
import { startWorld } from "./support/world/world.ts";

const receiver = await startReceiver({ after });
// What is refused changes nothing: a request that waits for a second operator would be kept.
const world = await startWorld(
  { after },
  {
    operators: "one",
    durable: false,
    sandbox: true,
    trustedProxies: ["127.0.0.1"],
    webhooksMayReach: [receiver.place],
  },
);
const { url, database } = world;
const stage = await setStage(world);
const operations = await operationsOf(url);
const pid = world.institution.pid();
const trade = await stage.newTrade();

/** Parties on whom nobody else in this file depends: some hostile bodies are taken, and rotate keys or set fees. */
const spare = async (kind: string): Promise<string> => {
  const wish = { name: `Spare ${kind}`, contact: { phone: "03-0000" } };
  const sign = { name: "Spare", email: "spare@example.com", password: "a long password" };
  const body = kind === "operators" ? sign : wish;
  return String((await stage.post(`/v1/${kind}`, stage.admin, body))["id"]);
};
const spares = new Map<string, string>();
for (const kind of ["shops", "carriers", "providers", "operators"]) spares.set(kind, await spare(kind));
const hook = { url: receiver.url, types: ["*"] };
spares.set("webhook-endpoints", String((await stage.post("/v1/webhook-endpoints", stage.shop, hook))["id"]));
spares.set("webhook-deliveries", randomUUID());

/** As if from somewhere else each time, so that the limits per address do not end the test. */
const elsewhere = (): Headers => ({
  "x-forwarded-for": `10.${randomInt(255)}.${randomInt(255)}.${randomInt(255)}`,
});

/** The caller that may do most with a call. */
function callerOf({ access, path }: Operation): Headers {
  if (path.endsWith("/mandates")) return stage.buyer;
  if (access.includes("operator") || access.includes("admin")) return stage.admin;
  if (access.includes("shop") || access.includes("party")) return stage.shop;
  if (access.includes("carrier")) return stage.carrier;
  return access.includes("member") ? stage.buyer : {};
}

/** The address of a call with things in it that exist. */
function addressOf({ path }: Operation): string {
  const { ids } = stage;
  const [, first = "", room = "", , part = ""] = path.split("/");
  const inMember = part === "mandates" ? ids.mandate : ids.method;
  const byRoom =
    room === "accounts" ? ids.account : room === "members" ? inMember : (spares.get(room) ?? randomUUID());
  const id = first === "accounts" ? ids.account : first === "mandates" ? ids.mandate : byRoom;
  return path
    .replace("{number}", room === "members" ? ids.member : trade)
    .replace("{id}", id)
    .replaceAll(/\{[^}]+\}/g, randomUUID());
}

function known(): Known {
  const { ids } = stage;
  const places = { shop: ids.shop, carrier: ids.carrier, method: ids.method, account: ids.account };
  const amounts = { currency: "JPY", amount: 360, quantity: 1, unitAmount: 360, line: 1 };
  return { ...places, ...amounts, mandate: ids.mandate, member: ids.member, id: randomUUID() };
}

const changesNothing = (what: string, work: () => Promise<void>): Promise<void> =>
  leavesNoTrace(database, what, work);

/** Works through a list, some at a time. */
async function each<T>(list: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = list[next++]; item !== undefined; item = list[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: 6 }, worker));
}

const jsonType = { "content-type": "application/json" };

function send(operation: Operation, body: string | Uint8Array, headers: Headers = jsonType): Promise<Reply> {
  const all = { ...elsewhere(), ...callerOf(operation), ...headers };
  return request(`${url}${addressOf(operation)}`, operation.method, all, body);
}

/** An answer that is no refusal, or one as it has to be. */
function assertNoFault(reply: Reply, of: string): void {
  if (reply.status >= 400) assertProblem(reply, of);
}

const writes = operations.filter((each) => each.body !== undefined && !each.page);
const forms = operations.filter((each) => each.body !== undefined && each.page);
let sent = 0;

for (const operation of writes) {
  const bodies = hostileBodies(operation.body ?? {}, known());
  test(`${operation.name}: ${bodies.length} hostile bodies`, async () => {
    const told = ({ what }: Hostile) => `${operation.name}, ${what}`;
    await changesNothing(operation.name, () =>
      each(
        bodies.filter(({ refused }) => refused),
        async (hostile) => assertProblem(await send(operation, hostile.text), told(hostile)),
      ),
    );
    // The clock of the sandbox would run away under the tests that follow.
    if (operation.path.startsWith("/v1/test-clock")) return;
    await each(
      bodies.filter(({ refused }) => !refused),
      async (hostile) => assertNoFault(await send(operation, hostile.text), told(hostile)),
    );
    sent += bodies.length;
  });
}

test("every command of a batch is refused for itself", async () => {
  const moves = writes.filter(({ path }) => /^\/v1\/trades(\/\{number\}\/\w+)?$/.test(path));
  assert.ok(moves.length >= 12);
  await changesNothing("the batch", async () => {
    for (const { path, body, name } of moves) {
      const bodies = hostileBodies(body ?? {}, known()).filter(
        ({ refused, text }) => refused && isJson(text),
      );
      const op = path === "/v1/trades" ? "propose" : (path.split("/").at(-1) ?? "");
      const commands = bodies.map(({ text }) =>
        op === "propose"
          ? `{"do":"propose","trade":${text}}`
          : `{"do":"${op}","number":"${trade}"${text === "{}" ? "" : `,${text.slice(1, -1)}`}}`,
      );
      for (let from = 0; from < commands.length; from += 50) {
        const some = commands.slice(from, from + 50).filter((text) => isJson(text) && !hasBareNumber(text));
        const text = `{"commands":[${some.join()}]}`;
        if (some.length === 0 || text.length > 900_000) continue;
        const reply = await request(`${url}/v1/trades/batch`, "POST", { ...stage.shop, ...jsonType }, text);
        assert.equal(reply.status, 200, `${name} in a batch: ${reply.text.slice(0, 300)}`);
        const outcomes = reply.json["outcomes"] as { status: number; problem?: Json }[];
        outcomes.forEach(({ status, problem }, index) =>
          assert.ok(
            status >= 400 && status < 500 && typeof problem?.["code"] === "string",
            `${name} in a batch: ${status} to ${some[index]?.slice(0, 400)}`,
          ),
        );
      }
    }
  });
});

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

/** Numbers and names for which the whole body is refused before any command is looked at. */
function hasBareNumber(text: string): boolean {
  return /:(?:-0|-?[0-9]+\.0+|[0-9.-]+[eE][0-9+-]*)[,}\]]|"(?:__proto__|constructor|prototype)":/.test(text);
}

test("what is no JSON, or of another kind, is refused", async () => {
  const longText = `{"zzz":"${"x".repeat(10 * 1024 * 1024)}"}`;
  await changesNothing("broken bodies", () =>
    each(writes, async (operation) => {
      for (const { what, body } of brokenBodies) {
        assertProblem(await send(operation, body), `${operation.name}, ${what}`);
      }
      const sample = JSON.stringify(sampleOf(operation.body ?? {}, known()));
      for (const type of ["text/plain", "application/xml", "multipart/form-data; boundary=x"]) {
        assertProblem(
          await send(operation, sample, { "content-type": type }),
          `${operation.name} as ${type}`,
        );
      }
      const form = { "content-type": "application/x-www-form-urlencoded" };
      assertProblem(await send(operation, "a=b", form), `${operation.name} as a form`);
      const packed = { ...jsonType, "content-encoding": "gzip" };
      assertProblem(await send(operation, sample, packed), `${operation.name} compressed`);
      const reply = await send(operation, longText).catch(() => undefined);
      // The server may close before it has read ten megabytes; then there is nobody to read its answer.
      if (reply !== undefined) assertProblem(reply, `${operation.name}, ten megabytes`);
    }),
  );
});

test("fields of answers mean nothing in requests", async () => {
  const read = async (path: string) => (await request(`${url}${path}`, "GET", stage.admin)).json;
  const { ids } = stage;
  const answers = await Promise.all(
    [`trades/${trade}`, `members/${ids.member}`, `shops/${ids.shop}`, `accounts/${ids.account}`].map((path) =>
      read(`/v1/${path}`),
    ),
  );
  const fields = Object.assign({}, ...answers, {
    admin: true,
    role: "operator",
    fee: 0,
    feeTaken: 0,
  }) as Json;
  assert.ok(Object.keys(fields).length > 30);
  await changesNothing("mass assignment", () =>
    each(writes, async (operation) => {
      const sample = sampleOf(operation.body ?? {}, known()) as Json;
      for (const [field, value] of Object.entries(fields)) {
        if (Object.hasOwn(operation.body?.properties ?? {}, field)) continue;
        const reply = await send(operation, JSON.stringify({ ...sample, [field]: value }));
        assert.equal(reply.code, "invalid_field", `${operation.name} with ${field}: ${reply.status}`);
      }
    }),
  );
});

test("an Idempotency-Key is visible ASCII and not too long", async () => {
  const posts = writes.filter(({ method }) => method === "POST");
  await changesNothing("bad keys", () =>
    each(posts, async (operation) => {
      const body = JSON.stringify(sampleOf(operation.body ?? {}, known()));
      for (const key of ["x".repeat(256), "a b", "é", " ", "a\tb"]) {
        const reply = await send(operation, body, { ...jsonType, "idempotency-key": key });
        assertProblem(reply, `${operation.name} with the key ${JSON.stringify(key).slice(0, 20)}`);
      }
    }),
  );
});

test("hostile queries and addresses", async () => {
  const texts = [
    "",
    "0",
    "-1",
    "1e3",
    "1000",
    "99999999999999999999",
    "%00",
    "%ff",
    "%",
    "..",
    "'",
    "[]",
    "null",
  ];
  const odd = [
    ...texts,
    "🍵",
    "a".repeat(300),
    "a".repeat(8000),
    "../../etc/passwd",
    "..%2f..%2f",
    "__proto__",
  ];
  const reads = operations.filter(({ method }) => method === "GET");
  await each(reads, async (operation) => {
    const headers = { ...callerOf(operation), accept: "application/json" };
    const get = async (path: string): Promise<void> => {
      const reply = await request(`${url}${path}`, "GET", headers);
      const fine = reply.status < 500 && (reply.status < 400 || operation.page || reply.code !== "");
      assert.ok(fine, `GET ${path.slice(0, 200)}: ${reply.status} ${reply.text.slice(0, 200)}`);
    };
    for (const value of odd) {
      const names = [...operation.query.map(({ name }) => name), "zzz", "__proto__"];
      for (const name of names) await get(`${addressOf(operation)}?${name}=${value.replaceAll("%", "%25")}`);
      await get(`${addressOf(operation)}?limit=${value}`);
      for (const [place] of operation.path.matchAll(/\{[^}]+\}/g)) {
        const part = value === ".." || value.includes("/") ? encodeURIComponent(value) : value;
        await get(operation.path.replace(place, part).replaceAll(/\{[^}]+\}/g, randomUUID()));
      }
    }
    await get(`${addressOf(operation)}?limit=1&limit=2`);
  });
});

test("a method that an address does not take", async () => {
  const paths = [...new Set(operations.map(({ path }) => path))];
  await changesNothing("wrong methods", () =>
    each(paths, async (path) => {
      const ours = operations.filter((one) => one.path === path);
      const taken = new Set([...ours.map(({ method }) => method), "HEAD"]);
      const [first] = ours;
      assert.ok(first);
      // What is one call's name is another's parameter: GET /v1/trades/batch asks for a trade.
      const wider = operations.filter((one) => one.path !== path && formOf(one.path).test(path));
      for (const { method } of wider) taken.add(method);
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
        if (taken.has(method)) continue;
        const reply = await request(`${url}${addressOf(first)}`, method, stage.admin);
        assert.equal(reply.code, "method_not_allowed", `${method} ${path}: ${reply.status} ${reply.text}`);
        assert.match(reply.headers.get("allow") ?? "", new RegExp(`\\b${first.method}\\b`), path);
      }
    }),
  );
});

function formOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`);
}

test("forms of pages", async () => {
  const html = { "content-type": "application/x-www-form-urlencoded", accept: "text/html" };
  const texts = [
    "",
    "x".repeat(10_000),
    "a\u0000b",
    "\u001b",
    "-1",
    "1e3",
    "4111 1111 1111 1111",
    "../..",
    "'\"<",
  ];
  await each(forms, async (operation) => {
    const fields = Object.keys(operation.body?.properties ?? {});
    const sample = sampleOf(operation.body ?? {}, known()) as Record<string, string>;
    for (const field of [...fields, "zzz", "__proto__", "constructor"]) {
      for (const text of texts) {
        const body = new URLSearchParams(
          Object.entries({ ...sample, [field]: text }).map(([k, v]) => [k, String(v)]),
        );
        const reply = await send(operation, body.toString(), html);
        assert.ok(reply.status < 500, `${operation.name}, ${field}=${text.slice(0, 40)}: ${reply.status}`);
      }
    }
    for (const body of ["%", "%ff=%ff", "a=b&".repeat(5000), "=", "&&&", "a[b][c]=d"]) {
      const reply = await send(operation, body, html);
      assert.ok(reply.status < 500, `${operation.name}, ${body.slice(0, 40)}: ${reply.status}`);
    }
  });
});

test("after all of it the server is there, has not failed once, and the books agree", async () => {
  assert.ok(sent > 3000, `only ${sent} bodies were sent`);
  assert.equal((await request(`${url}/readyz`, "GET")).status, 200);
  assert.equal(world.institution.pid(), pid, "it is the process that was started");
  assert.deepEqual(await world.audit(), []);
  const log = await world.log();
  assert.ok(!log.includes('"level":50'), `the server has failed: ${log.slice(0, 3000)}`);
});
