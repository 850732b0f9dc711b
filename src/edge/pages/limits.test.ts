/** Limits on proofs: only who holds the link is counted, and who was kept from answering gets the time back. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { pagesServer } from "../../../test/support/world/pages-server.ts";

const { context, rich, voucher, browser, carrierDoes, proposed, seen, open, pass, signedIn } =
  await pagesServer({ after });
const birthDate = "1980-02-29";
const guest = {
  name: "Guest",
  address: "Nara",
  birthDate,
  email: "guest@example.com",
  methodKind: "prepaid",
};
const carrier = (
  await context.database.query<{ id: string }>({
    text: "select id from parties where kind = 'carrier' limit 1",
    values: [],
  })
)[0]?.id;

/** A trade of a guest, delivered: silence would count from here. */
async function delivered(): Promise<{ number: string; link: string; guests: ReturnType<typeof browser> }> {
  const { number, link } = await proposed({
    ...(carrier === undefined ? {} : { carrier }),
    lines: [{ name: "Tea", quantity: 1, unitAmount: 100 }],
    acceptance: { by: ["buyer", "recipient"], autoAfter: "P7D" },
    recipient: { name: "Aki", contact: { phone: "0742-1" } },
  });
  const guests = browser();
  const path = await open(guests, link);
  const { to } = await guests.send(path, "guest-form", { ...guest, token: voucher.code });
  assert.equal(to, `/trades/${number}?done=approve`);
  await context.database.execute({
    text: "update parties set independent = true where kind = 'carrier'",
    values: [],
  });
  await carrierDoes(number, { do: "deliver" });
  return { number, link, guests };
}

const acceptBy = async (number: string) => Date.parse((await seen(number)).deadlines.acceptBy ?? "");
const reject = { reason: "It is broken.", kind: "wrong" };

test("strangers who have the number count for nothing: the buyer rejects as before", async () => {
  const { number, guests } = await delivered();
  const before = await acceptBy(number);
  const [stranger, member] = [browser(), await signedIn(rich)];
  for (let count = 0; count < 40; count += 1) {
    for (const each of [stranger, member]) {
      const { status } = await each.post(
        `/trades/${number}/reject`,
        count % 2 ? { birthDate: "1980-02-28" } : {},
      );
      assert.ok(status === 303 || status === 404);
    }
  }
  // Nor does a form without a date, of somebody who holds the link.
  for (let count = 0; count < 15; count += 1)
    assert.equal((await guests.post(`/trades/${number}/reject`, { ...reject })).status, 422);
  const { to } = await guests.send(`/trades/${number}`, "reject-form", { ...reject, birthDate });
  assert.equal(to, `/trades/${number}?done=reject`);
  assert.ok(before > 0);
});

test("whoever holds the link and guesses is stopped, in every process; the guest gets that hour back, once", async () => {
  const { number, link, guests } = await delivered();
  const before = await acceptBy(number);
  const friend = browser();
  await open(friend, link);
  const guess = (day: number) =>
    friend.post(`/trades/${number}/reject`, {
      ...reject,
      birthDate: `1950-01-${String(day).padStart(2, "0")}`,
    });
  const answers = await Promise.all(Array.from({ length: 16 }, (_, index) => guess(index + 1)));
  const statuses = answers.map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 422).length, 10);
  assert.equal(statuses.filter((status) => status === 429).length, 6);
  const rows = await context.database.query({ text: "select from tries", values: [] });
  assert.ok(rows.length > 0, "a restart forgets nothing, and other processes see it");
  assert.equal(await acceptBy(number), before + 3_600_000, "once, however often");
  const stopped = await guests.post(`/trades/${number}/reject`, { ...reject, birthDate });
  assert.equal(stopped.status, 429, "for now the guest too");
  assert.equal(await acceptBy(number), before + 3_600_000);

  // Until shortly before the hour that was given back ends: silence would have counted by now.
  await pass(7);
  assert.equal((await seen(number)).state, "delivered");
  const { to } = await guests.send(`/trades/${number}`, "reject-form", { ...reject, birthDate });
  assert.equal(to, `/trades/${number}?done=reject`);
});

test("a recipient who was stopped gets the hour back too, and is let in again after it", async () => {
  const { number } = await delivered();
  const before = await acceptBy(number);
  const { doorstep, trades } = context;
  const link = doorstep.recipientLink(number);
  const right = doorstep.recipientCode(number);
  const wrong = right === "00000000" ? "11111111" : "00000000";
  const prove = (code: string) => doorstep.proveRecipient(trades, number, { link, code });
  for (let count = 0; count < 5; count += 1) await assert.rejects(prove(wrong), /do not belong together/);
  assert.equal(await acceptBy(number), before, "to be wrong is not to be stopped");
  for (let count = 0; count < 3; count += 1) await assert.rejects(prove(right), /Too many/);
  assert.equal(await acceptBy(number), before + 3_600_000);
  await pass(1);
  assert.equal((await prove(right)).opens, number);
});
