/** People are told by mail of what happens to their trades: by a real mail server, and in a sandbox on pages. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { rawSql } from "../src/storage/database/database.ts";
import { bearer, type Headers, type Json, type Reply, request, signIn } from "./support/wire/http.ts";
import { codeIn, confirmAddress, guestFields, linkIn, newestMail, Visitor } from "./support/wire/guests.ts";
import { startMailServer } from "./support/wire/mail-server.ts";
import { startWorld, until, type World } from "./support/world/world.ts";

interface Stage {
  world: World;
  shop: Headers;
  admin: Headers;
  hana: World["demo"]["members"][number];
  yui: World["demo"]["members"][number];
  carrier: World["demo"]["carriers"][number];
  post: (path: string, who: Headers, body: Json) => Promise<Json>;
  /** Signs in on the page, with a browser that asks for a language. */
  signInAs: (who: { email: string; password: string }, language: string) => Promise<Headers>;
  /** A trade that is reserved for Hana. */
  reserved: () => Promise<string>;
}

async function setStage(
  t: Parameters<typeof startWorld>[0],
  smtp?: Parameters<typeof startWorld>[1]["smtp"],
): Promise<Stage> {
  const world = await startWorld(t, { durable: false, sandbox: true, log: "debug", smtp });
  const { url, demo } = world;
  const [shop] = demo.shops;
  const [hana, , yui] = demo.members;
  const [carrier] = demo.carriers;
  assert.ok(shop && hana && yui && carrier);
  const post = async (path: string, who: Headers, body: Json): Promise<Json> => {
    const reply = await request(`${url}${path}`, "POST", who, body);
    assert.ok(reply.status < 300, `POST ${path}: ${reply.status} ${reply.text}`);
    return reply.json;
  };
  await world.database.execute(
    rawSql("update parties set email = 'shop@example.com' where id = $1", [shop.id]),
  );
  await world.database.execute(rawSql("update parties set independent = true where kind = 'carrier'"));
  return {
    world,
    shop: bearer(shop.key),
    admin: bearer(demo.adminKey),
    hana,
    yui,
    carrier,
    post,
    signInAs: async ({ email, password }, language) => {
      const headers = { "content-type": "application/x-www-form-urlencoded", "accept-language": language };
      const form = new URLSearchParams({ email, password }).toString();
      const reply = await request(`${url}/signin`, "POST", headers, form);
      assert.equal(reply.status, 303, reply.text);
      const who = { cookie: reply.headers.get("set-cookie")?.split(";")[0] ?? "" };
      // Whoever has a language already keeps it, whatever this browser asks for, until they choose another.
      const chosen = new URLSearchParams({ language: language.slice(0, 2) }).toString();
      const { "content-type": type } = headers;
      assert.equal(
        (await request(`${url}/language`, "POST", { ...who, "content-type": type }, chosen)).status,
        303,
      );
      return who;
    },
    reserved: async () => {
      const { number } = await post("/v1/trades", bearer(shop.key), {
        buyer: { member: hana.number },
        currency: "JPY",
        amount: 5000,
        approval: { mandate: hana.mandates[shop.key] ?? "" },
        acceptance: { by: ["buyer"], need: 1 },
        carrier: carrier.id,
        reference: randomUUID(),
      });
      return String(number);
    },
  };
}

const heads = {
  en: ["Your money is frozen", "Please look at your goods and accept them", "The shop was paid"],
  ja: ["代金を凍結しました", "商品を確かめて検収してください", "店舗に支払われました"],
} as const;

test("a trade tells its buyer in their language, and its shop", async (t) => {
  const server = await startMailServer(t, { user: { name: "kenshu", password: "a-secret-of-mails" } });
  const smtp = { url: server.url, from: "Kenshu <no-reply@kenshu.example>", unencrypted: true };
  const stage = await setStage(t, smtp);
  const { hana, post, world } = stage;
  const carrier = await signIn(world.url, stage.carrier);
  for (const [lang, subjects] of Object.entries(heads)) {
    server.taken.length = 0;
    const buyer = await stage.signInAs(hana, `${lang},de;q=0.5`);
    const number = await stage.reserved();
    const move = (how: string, who: Headers, body: Json = {}) =>
      post(`/v1/trades/${number}/${how}`, who, body);
    await move("deliver", carrier);
    await move("accept", buyer);
    await until(`four mails in ${lang}`, () => server.taken.length === 4);
    const to = (address: string) => server.taken.filter((one) => one.to[0] === address);
    const told = to(hana.email).map(({ mail }) => mail.subject ?? "");
    for (const head of subjects)
      assert.ok(
        told.some((subject) => subject.startsWith(head)),
        `${head}: ${told.join("; ")}`,
      );
    assert.deepEqual(
      to("shop@example.com").map(({ mail }) => mail.subject?.split(" – ")[0]),
      ["You were paid"],
    );
    for (const { mail, raw } of server.taken) {
      assert.ok(mail.text?.includes(`/trades/${number}`), mail.text);
      assert.ok(!raw.includes("kt_"), "no link that lasts");
    }
  }
  // A mail has come here before the server has noted that it was taken.
  const metrics = async () => (await request(world.metrics, "GET")).text;
  await until("all mails are noted", async () => /^kenshu_mails_waiting 0$/m.test(await metrics()));
  assert.match(await metrics(), /^kenshu_mails_failed_last_day 0$/m);
  const log = await world.log();
  for (const secret of ["a-secret-of-mails", hana.email, "shop@example.com"])
    assert.ok(!log.includes(secret), `${secret} is in the log`);
  const [row] = await world.database.query<{ all: string }>(
    rawSql("select json_agg(mails)::text as all from mails"),
  );
  assert.ok(!row?.all.includes("@"), "no address stands in the queue");
});

const mailbox = (world: World, who: Headers, path = ""): Promise<Reply> =>
  request(`${world.url}/sandbox/mails${path}`, "GET", { accept: "text/html", ...who });

const idsIn = ({ text }: Reply): string[] =>
  [...text.matchAll(/data-mail="([^"]+)"/g)].map(([, id]) => id ?? "");

const sandbox = await setStage({ after });

test("a sandbox shows everybody the mails that they would have got, and operators all", async () => {
  const stage = sandbox;
  const { world, hana, yui, admin } = stage;
  const buyer = await signIn(world.url, hana);
  const number = await stage.reserved();
  const own = await mailbox(world, buyer);
  assert.equal(own.status, 200);
  const [id = ""] = idsIn(own);
  assert.deepEqual(idsIn(own).length, 1);
  const one = await mailbox(world, buyer, `/${id}`);
  assert.equal(one.status, 200);
  for (const part of ["¥5,000 is frozen", hana.email, `href="${world.url}/trades/${number}"`])
    assert.ok(one.text.includes(part), `${part} in ${one.text}`);

  const other = await signIn(world.url, yui);
  assert.deepEqual(idsIn(await mailbox(world, other)), []);
  assert.equal((await mailbox(world, other, `/${id}`)).status, 404);
  const nobody = await mailbox(world, {});
  assert.deepEqual([nobody.status, nobody.headers.get("location")], [303, "/signin?next=/sandbox/mails"]);

  const lookups = rawSql("select from lookups where reason = 'mail'");
  assert.deepEqual(idsIn(await mailbox(world, admin)), [id]);
  assert.equal(await world.database.execute(lookups), 0);
  assert.ok((await mailbox(world, admin, `/${id}`)).text.includes(hana.email));
  assert.equal(await world.database.execute(lookups), 1, "who looks at an address is written down");
});

test("a guest is sent a code and their own link, in their language", async () => {
  const { world, post, admin, shop } = sandbox;
  const voucher = await post("/v1/vouchers", admin, { currency: "JPY", amount: 10_000 });
  const proposed = await post("/v1/trades", shop, { currency: "JPY", amount: 3000 });
  const order = { number: String(proposed["number"]), approveUrl: String(proposed["approveUrl"]) };
  const guest = new Visitor({ "accept-language": "ja-JP" });
  const page = await confirmAddress(guest, admin, order, "ken@example.com");
  const asked = await newestMail(world.url, admin, order.number);
  assert.ok(asked.includes("確認コード") && asked.includes("ken@example.com"), asked);
  assert.ok(!asked.includes('href="http'), "nothing to press where a code has to be typed");
  const approved = await guest.send(page, "guest-form", { ...guestFields, token: String(voucher["code"]) });
  assert.equal(approved.status, 303, approved.text);
  const told = await newestMail(world.url, admin, order.number);
  assert.ok(told.includes("代金を凍結しました"), told);
  const opened = await new Visitor().get(linkIn(told));
  assert.deepEqual([opened.status, opened.headers.get("location")], [303, `/trades/${order.number}`]);
  const [row] = await world.database.query<{ all: string }>(
    rawSql(
      "select (select json_agg(mails)::text from mails) || (select json_agg(c)::text from guest_contacts c) as all",
    ),
  );
  for (const secret of ["ken@example.com", codeIn(asked), linkIn(told).split("/").at(-1) ?? ""])
    assert.ok(!row?.all.includes(secret), `${secret} stands in a table`);
});

test("a mail that was given up is on the operator's page of its trade, and is sent again to where its reader is now", async (t) => {
  const server = await startMailServer(t);
  const stage = await setStage(t, { url: server.url, from: "no-reply@kenshu.example", unencrypted: true });
  const { world, admin, hana } = stage;
  server.answer = { at: "RCPT", status: 550 };
  const number = await stage.reserved();
  const mails = async (): Promise<Json[]> =>
    (await request(`${world.url}/v1/trades/${number}/mails`, "GET", admin)).json["items"] as Json[];
  await until("it is given up", async () => (await mails()).every(({ state }) => state === "failed"));
  const [operator] = world.demo.operators;
  assert.ok(operator);
  const who = await signIn(world.url, operator);
  const page = () => request(`${world.url}/desk/trades/${number}`, "GET", who);
  const { text } = await page();
  const mine = (await mails()).find(({ reader }) => reader === "buyer");
  const place = `/desk/trades/${number}/mails/${String(mine?.["id"])}`;
  assert.ok(text.includes(`action="${place}"`), text);
  assert.ok(!text.includes(hana.email) && !text.includes("shop@example.com"), "addresses are masked");
  server.answer = undefined;
  const form = { ...who, "content-type": "application/x-www-form-urlencoded", origin: world.url };
  const sent = await request(`${world.url}${place}`, "POST", form, "key=once-more-1");
  assert.equal(sent.headers.get("location"), `/desk/trades/${number}?sent=yes`);
  await until("it has arrived", () => server.taken.some(({ to }) => to[0] === hana.email));
  await until("it is said to", async () => (await mails()).some(({ state }) => state === "taken"));
  const once = { ...form, "content-type": "application/json" };
  const twice = await request(
    `${world.url}/v1/trades/${number}/mails/${String(mine?.["id"])}/send`,
    "POST",
    once,
    {},
  );
  assert.equal(twice.status, 404, "nobody who was told is told no more");
});
