import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { insertMails, type NewMail } from "../../engines/outbox/outbox.ts";
import { rawSql, uuidv7 } from "../../storage/database/database.ts";
import { erasePeople, setLanguage } from "../../storage/members/members.ts";
import { type MailReceiver, startMailServer } from "../../../test/support/wire/mail-server.ts";
import { freePort } from "../../../test/support/world/free-port.ts";
import { mailerOn } from "../../../test/support/world/mails.ts";
import { type Buyer, openMarket, tradeIn } from "../../../test/support/world/market.ts";
import { until } from "../../../test/support/world/world.ts";
import { openMailServer } from "./mail.ts";

interface Row {
  id: string;
  state: string;
  attempts: number;
  error: string | null;
}

async function makeBench(t: TestContext) {
  const endings: (() => Promise<void>)[] = [];
  t.after(async () => {
    for (const end of endings.reverse()) await end();
  });
  const ending = { after: (end: () => Promise<void>) => endings.push(end) };
  const market = await openMarket(ending, { line: undefined, mails: "sent" });
  const { database, admin } = market;
  const failures: unknown[] = [];
  return {
    market,
    ending,
    failures,
    /** A reserved trade: one mail to its buyer waits. */
    reserved: async (): Promise<{ buyer: Buyer; number: string }> => {
      const buyer = await market.buyer();
      const mandate = await market.mandate(buyer);
      const trade = tradeIn(await market.propose({ buyer: { member: buyer.number }, approval: { mandate } }));
      return { buyer, number: trade.number };
    },
    rows: (): Promise<Row[]> =>
      database.query<Row>(
        rawSql("select id, state, attempts::int as attempts, last_error as error from mails order by id"),
      ),
    idle: async (attempts: number) => {
      const idle = rawSql("select from mails where attempts = $1 and leased_until is null", [attempts]);
      await until(`${attempts} attempts`, async () => (await database.execute(idle)) > 0);
    },
    later: (seconds: number) =>
      admin.execute(rawSql("update test_clock set ahead = ahead + make_interval(secs => $1)", [seconds])),
    start: async (smtp: string) => {
      const mailer = await mailerOn(database, { smtp, onError: (error) => failures.push(error) });
      endings.push(() => mailer.close());
      return mailer;
    },
  };
}
type Bench = Awaited<ReturnType<typeof makeBench>>;

const states = async (bench: Bench) =>
  (await bench.rows()).map(({ state, attempts, error }) => `${state} ${attempts} ${error ?? "-"}`);

test("a mail is taken once, with what its reader has to know, in plain text and in HTML", async (t) => {
  const bench = await makeBench(t);
  const server = await startMailServer(bench.ending);
  const { number } = await bench.reserved();
  await bench.start(server.url);
  await until("it is taken", () => server.taken.length === 1);
  await bench.idle(1);
  assert.deepEqual(await states(bench), ["taken 1 -"]);
  const [one] = server.taken;
  assert.ok(one);
  const [row] = await bench.rows();
  assert.deepEqual([one.from, one.to], ["no-reply@kenshu.example", ["hana@example.com"]]);
  assert.equal(one.mail.messageId, `<${row?.id}@pay.example>`);
  assert.equal(one.mail.headers.get("auto-submitted"), "auto-generated");
  assert.match(one.mail.subject ?? "", /^Your money is frozen – Aoi Tea, trade [0-9 ]+$/);
  const text = one.mail.text ?? "";
  assert.match(text, /¥1,000 is frozen for your order at Aoi Tea\./);
  assert.match(text, /If nobody says anything: if the shop has sent nothing by then/);
  assert.ok(text.includes(`https://pay.example/trades/${number}`), text);
  const html = String(one.mail.html);
  assert.ok(
    html.includes("¥1,000 is frozen") && html.includes(`href="https://pay.example/trades/${number}"`),
  );
  assert.ok(!one.raw.includes("Hana"), "the name is in no mail");
  assert.deepEqual(bench.failures, []);
});

test("a mail is written in the language of its reader", async (t) => {
  const bench = await makeBench(t);
  const server = await startMailServer(bench.ending);
  const { buyer } = await bench.reserved();
  await setLanguage(bench.market.database, buyer.actor.id, "ja");
  await bench.start(server.url);
  await until("it is taken", () => server.taken.length === 1);
  assert.match(server.taken[0]?.mail.subject ?? "", /^代金を凍結しました/);
  assert.match(server.taken[0]?.mail.text ?? "", /1,000円を凍結しました/);
});

const again: [what: string, answer: MailReceiver["answer"], error: string][] = [
  ["a mailbox that is busy", { at: "RCPT", status: 450 }, "smtp_450"],
  ["a server without room", { at: "DATA", status: 452 }, "smtp_452"],
];
for (const [what, answer, error] of again) {
  test(`${what} is tried again, with the same Message-ID`, async (t) => {
    const bench = await makeBench(t);
    const server = await startMailServer(bench.ending);
    server.answer = answer;
    await bench.reserved();
    await bench.start(server.url);
    await bench.idle(1);
    assert.deepEqual(await states(bench), [`waiting 1 ${error}`]);
    server.answer = undefined;
    await bench.later(40);
    await until("it is taken", () => server.taken.length === 1);
    await bench.idle(2);
    assert.deepEqual(await states(bench), ["taken 2 -"]);
    assert.equal(server.taken[0]?.mail.messageId, `<${(await bench.rows())[0]?.id}@pay.example>`);
  });
}

test("a server that is not there is tried again, with growing waits, until it is given up", async (t) => {
  const bench = await makeBench(t);
  await bench.reserved();
  await bench.start(`smtp://127.0.0.1:${await freePort()}`);
  for (let attempt = 1; attempt < 10; attempt += 1) {
    await bench.idle(attempt);
    const [row] = await bench.rows();
    assert.deepEqual([row?.state, row?.attempts], ["waiting", attempt]);
    await bench.later(100_000);
  }
  await bench.idle(10);
  assert.deepEqual(
    (await bench.rows()).map(({ state }) => state),
    ["failed"],
  );
});

for (const at of ["RCPT", "DATA"] as const) {
  test(`what a server refuses for good at ${at} is not tried again, and its reader is not told`, async (t) => {
    const bench = await makeBench(t);
    const server = await startMailServer(bench.ending);
    server.answer = { at, status: 550 };
    await bench.reserved();
    await bench.start(server.url);
    await bench.idle(1);
    assert.deepEqual(await states(bench), ["failed 1 smtp_550"]);
  });
}

test("a wrong password of ours is nobody else's fault: it is tried again, and stands in no log", async (t) => {
  const bench = await makeBench(t);
  const server = await startMailServer(bench.ending, { user: { name: "kenshu", password: "right" } });
  await bench.reserved();
  await bench.start(server.url.replace("right", "secret-in-the-log"));
  await bench.idle(1);
  assert.deepEqual(await states(bench), ["waiting 1 smtp_535"]);
  assert.deepEqual(bench.failures, []);
});

test("by default nothing goes over a line that is not encrypted", async (t) => {
  const server = await startMailServer(t, { user: { name: "kenshu", password: "right" } });
  const line = openMailServer({ url: server.url, from: "a@kenshu.example", timeoutMs: 2000 });
  const end = await line.send({ id: "1@x", to: "hana@example.com", subject: "x", text: "x", html: "x" });
  line.close();
  assert.deepEqual([end.how, server.taken.length], ["again", 0]);
});

test("an erased person gets nothing, whenever they were erased", async (t) => {
  const bench = await makeBench(t);
  const server = await startMailServer(bench.ending);
  const { buyer } = await bench.reserved();
  await erasePeople(bench.market.database, [buyer.actor.id], new Date());
  await bench.start(server.url);
  await bench.idle(1);
  assert.deepEqual(await states(bench), ["failed 1 nobody"]);
  assert.deepEqual(server.taken, []);
});

test("two processes send each mail once", async (t) => {
  const bench = await makeBench(t);
  const server = await startMailServer(bench.ending);
  for (let one = 0; one < 20; one += 1) await bench.reserved();
  await Promise.all([bench.start(server.url), bench.start(server.url)]);
  await until("all are taken", () => server.taken.length >= 20);
  await until("all are noted", async () => (await bench.rows()).every(({ state }) => state === "taken"));
  assert.equal(server.taken.length, 20);
  assert.equal(new Set(server.taken.map(({ mail }) => mail.messageId)).size, 20);
});

const addresses: [address: string, how: string][] = [
  ["hana@example.com", "taken"],
  ["花@example.com", "again or taken"],
  ["hana@example.com, other@example.com", "never"],
  ["hana@example.com\r\nBcc: other@example.com", "never"],
  ["<hana@example.com>", "never"],
  ['"a b"@example.com', "never"],
  ["list: hana@example.com;", "never"],
  ["hana", "never"],
  ["", "never"],
  [`${"x".repeat(300)}@example.com`, "never"],
];
for (const [address, how] of addresses) {
  test(`the address ${JSON.stringify(address.slice(0, 45))} is ${how}`, async (t) => {
    const server = await startMailServer(t);
    const line = openMailServer({
      url: server.url,
      from: "a@kenshu.example",
      unencrypted: true,
      timeoutMs: 2000,
    });
    const end = await line.send({ id: "1@x", to: address, subject: "x", text: "x", html: "x" });
    line.close();
    assert.ok(how.includes(end.how), JSON.stringify(end));
    assert.ok(server.taken.every(({ to }) => to.length === 1));
    if (how === "never") assert.deepEqual(server.taken, []);
  });
}

test("a name full of nonsense begins no header, no line and no markup", async (t) => {
  const bench = await makeBench(t);
  const { market } = bench;
  const server = await startMailServer(bench.ending);
  const name = 'Tea\r\nBcc: evil@example.com\r\n\r\n<script>alert(1)</script>\u202Egnp.exe "q" =?utf-8?q?x?=';
  await market.admin.execute(rawSql("update parties set name = $1", [name]));
  await bench.reserved();
  await bench.start(server.url);
  await until("it is taken", () => server.taken.length === 1);
  const [one] = server.taken;
  assert.ok(one);
  assert.deepEqual(one.to, ["hana@example.com"]);
  assert.equal(one.mail.headers.get("bcc"), undefined);
  const subject = one.mail.subject ?? "";
  assert.ok(subject.includes("Tea Bcc: evil@example.com <script>alert(1)</script> gnp.exe"), subject);
  assert.ok(!/[\p{Cc}\p{Cf}]/u.test(subject));
  assert.ok(!/^Bcc:/m.test(one.raw));
  assert.ok(String(one.mail.html).includes("&lt;script>alert(1)&lt;/script>"), String(one.mail.html));
});

test("a mail that can no longer be written is tried again, and then given up", async (t) => {
  const bench = await makeBench(t);
  const server = await startMailServer(bench.ending);
  const stray: NewMail = {
    trade: 18n,
    seq: 1,
    party: uuidv7(),
    reader: "shop",
    kinds: ["paid"],
    asks: false,
    at: new Date(),
  };
  await insertMails(bench.market.database, [stray], "sent");
  await bench.start(server.url);
  await bench.idle(1);
  assert.deepEqual(await states(bench), ["failed 1 nobody"]);
});
