/** Limits on proofs: only who holds the link is counted, and who was kept from answering gets the time back. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pagesServer } from "../../../test/support/world/pages-server.ts";

const { context, rich, poor, browser, carrierDoes, proposed, seen, open, pass, signedIn } = await pagesServer(
  { after },
);
await context.database.execute({
  text: "update parties set independent = true where kind = 'carrier'",
  values: [],
});
const carriers = await context.database.query<{ id: string }>({
  text: "select id from parties where kind = 'carrier'",
  values: [],
});

/** A trade that its buyer has approved, delivered: silence would count from here. */
async function delivered() {
  const { number, link } = await proposed({
    ...(carriers[0] === undefined ? {} : { carrier: carriers[0].id }),
    acceptance: { by: ["buyer", "recipient"], autoAfter: "P7D" },
    recipient: { name: "Aki", contact: { phone: "0742-1" } },
  });
  const buyer = await signedIn(rich);
  const { to } = await buyer.send(await open(buyer, link), "approve-form");
  assert.equal(to, `/trades/${number}?done=approve`);
  await carrierDoes(number, { do: "deliver" });
  return { number, buyer };
}

const acceptBy = async (number: string) => Date.parse((await seen(number)).deadlines.acceptBy ?? "");

test("strangers who have the number count for nothing: the buyer rejects as before", async () => {
  const { number, buyer } = await delivered();
  const [stranger, member] = [browser(), await signedIn(poor)];
  for (let count = 0; count < 40; count += 1) {
    for (const each of [stranger, member]) {
      const { status } = await each.post(`/trades/${number}/reject`);
      assert.ok(status === 401 || status === 404, String(status));
    }
  }
  const fields = { reason: "It is broken.", kind: "wrong" };
  const { to } = await buyer.send(`/trades/${number}`, "reject-form", fields);
  assert.equal(to, `/trades/${number}?done=reject`);
});

test("a recipient who was stopped gets the hour back, once, and is let in again after it", async () => {
  const { number } = await delivered();
  const before = await acceptBy(number);
  const { doorstep, trades } = context;
  const link = doorstep.recipientLink(number);
  const right = doorstep.recipientCode(number);
  const wrong = right.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  const prove = (code: string) => doorstep.proveRecipient(trades, number, { link, code });
  for (let count = 0; count < 5; count += 1) await assert.rejects(prove(wrong), /do not belong together/);
  assert.equal(await acceptBy(number), before, "to be wrong is not to be stopped");
  for (let count = 0; count < 3; count += 1) await assert.rejects(prove(right), /Too many/);
  assert.equal(await acceptBy(number), before + 3_600_000);
  await pass(1);
  assert.equal((await prove(right)).opens, number);
});

test("somebody without the link stops nobody who has it, and moves no clock", async () => {
  const { number } = await delivered();
  const before = await acceptBy(number);
  const { doorstep, trades } = context;
  const right = doorstep.recipientCode(number);
  for (let count = 0; count < 8; count += 1)
    await assert.rejects(doorstep.proveRecipient(trades, number, { code: "0" }));
  const link = doorstep.recipientLink(number);
  assert.equal((await doorstep.proveRecipient(trades, number, { link, code: right })).opens, number);
  assert.equal(await acceptBy(number), before);
});
