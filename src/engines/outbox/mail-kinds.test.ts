import assert from "node:assert/strict";
import { test } from "node:test";
import { type ActorRole, tradeEventTypes } from "../../core/protocol/protocol.ts";
import { askedBy, mailingsOf, mailKinds } from "./outbox.ts";

const event = (type: string, data: Record<string, unknown> = {}) => ({ type, data });
const near = (deadline: string, before?: string) =>
  event("trade.deadline_near", { deadline, ...(before === undefined ? {} : { before }) });

/** `reader: kinds`, with `!` where they are asked and `.` where it is only for their knowledge. */
const cases: [what: string, events: ReturnType<typeof event>[], by: ActorRole, told: string[]][] = [
  ["reserved by the shop", [event("trade.reserved")], "shop", ["buyer: frozen."]],
  ["reserved by the buyer", [event("trade.reserved")], "buyer", ["buyer: frozen.", "shop: frozen!"]],
  ["sent", [event("trade.shipped")], "shop", ["buyer: shipped.", "recipient: shipped."]],
  ["said to be delivered", [event("trade.shipped", { claimed: true })], "shop", ["buyer: arrived?!"]],
  ["at the door", [event("trade.at_door")], "carrier", ["buyer: at door.", "recipient: at door."]],
  ["delivered", [event("trade.delivered")], "carrier", ["buyer: delivered!", "recipient: delivered!"]],
  ["said again", [event("trade.delivered", { lines: [] })], "carrier", []],
  ["received", [event("trade.delivered")], "buyer", ["buyer: delivered!", "recipient: delivered!"]],
  ["should be there", [near("deliverBy")], "clock", ["buyer: arrived?!"]],
  ["time to accept", [near("acceptBy")], "clock", ["buyer: accept soon", "recipient: accept soon"]],
  ["time to send back", [near("returnBy")], "clock", ["buyer: return soon"]],
  ["time to look", [near("inspectBy")], "clock", ["shop: inspect soon"]],
  ["time to answer", [near("answerBy")], "clock", ["buyer: answer soon", "shop: answer soon"]],
  ["time to decide", [near("decideBy")], "clock", []],
  ["time to approve", [near("approveBy", "P1D")], "clock", ["buyer: approve soon"]],
  ["time to ship", [near("shipBy", "P1D")], "clock", ["shop: ship soon"]],
  [
    "money frozen until",
    [near("reservedUntil", "P3D")],
    "clock",
    ["buyer: reservation soon", "shop: reservation soon"],
  ],
  ["on its way until", [near("deliverBy", "P1D")], "clock", ["shop: delivery soon"]],
  ["paid on", [near("paymentDate", "P1D")], "clock", ["buyer: payment soon"]],
  ["to pay", [near("payBy", "P7D")], "clock", ["buyer: pay soon"]],
  ["withdrawn until", [near("coolingOffUntil", "P1D")], "clock", ["buyer: withdraw soon"]],
  ["an operator's time", [near("decideBy", "P3D")], "clock", []],
  ["a deadline of another day", [near("fullMoon")], "clock", []],
  [
    "accepted and paid",
    [event("trade.accepted"), event("trade.settled")],
    "buyer",
    ["buyer: accepted,paid.", "shop: accepted,paid."],
  ],
  [
    "accepted by nobody's word",
    [event("trade.accepted", { by: "clock" }), event("trade.settled")],
    "clock",
    ["buyer: accepted by silence,paid.", "shop: accepted by silence,paid."],
  ],
  ["wrong", [event("trade.rejected", { kind: "wrong" })], "buyer", ["buyer: rejected!", "shop: rejected."]],
  ["as before", [event("trade.rejected")], "recipient", ["buyer: rejected!", "shop: rejected."]],
  [
    "never came",
    [event("trade.rejected", { kind: "never_came" })],
    "buyer",
    ["buyer: not received.", "shop: not received!"],
  ],
  [
    "missing",
    [event("trade.rejected", { kind: "missing" })],
    "buyer",
    ["buyer: not received.", "shop: not received!"],
  ],
  ["sent back", [event("trade.sent_back")], "buyer", ["shop: sent back!"]],
  ["back, the shop says", [event("trade.returned")], "shop", ["buyer: returned."]],
  [
    "back, a carrier says",
    [event("trade.sent_back", { arrived: true })],
    "carrier",
    ["buyer: come back.", "shop: come back!"],
  ],
  [
    "back, the clock says",
    [event("trade.returned", { by: "clock" })],
    "clock",
    ["buyer: returned.", "shop: returned."],
  ],
  [
    "not sent back",
    [event("trade.withdrawn", { lapsed: true })],
    "clock",
    ["buyer: lapsed.", "shop: lapsed."],
  ],
  ["withdrawn", [event("trade.withdrawn")], "buyer", ["buyer: withdrawn!", "shop: withdrawn!"]],
  ["a dispute of the shop's", [event("trade.disputed")], "shop", ["buyer: disputed!"]],
  ["a dispute of the clock's", [event("trade.disputed")], "clock", ["buyer: disputed!", "shop: disputed!"]],
  ["answered", [event("trade.answered")], "shop", ["buyer: answered."]],
  ["offered", [event("trade.offered")], "buyer", ["shop: offered."]],
  ["more time", [event("trade.extension_asked")], "shop", ["buyer: extension asked."]],
  [
    "resolved",
    [event("trade.resolved")],
    "operator",
    ["buyer: resolved,operator!", "shop: resolved,operator!"],
  ],
  [
    "accepted by whom it is a present, and due now",
    [event("trade.accepted"), event("guarantee.due")],
    "recipient",
    ["buyer: accepted,due.", "shop: accepted."],
  ],
  [
    "paid at a collector",
    [event("collection.paid"), event("trade.settled", { collected: true })],
    "collector",
    ["buyer: collected.", "shop: collected."],
  ],
  ["a guarantee is over", [event("guarantee.released")], "shop", ["buyer: released."]],
  ["given back", [event("trade.refunded")], "shop", ["buyer: refunded."]],
  ["to be given back", [event("trade.refund_due")], "clock", ["buyer: refund due.", "shop: refund due."]],
  ["not paid for good", [event("trade.unpaid")], "clock", ["buyer: unpaid.", "shop: unpaid."]],
  ["cancelled", [event("trade.cancelled")], "buyer", ["shop: cancelled."]],
  ["expired", [event("trade.expired")], "clock", ["buyer: expired.", "shop: expired."]],
  ["what an operator did", [event("trade.extended")], "operator", ["buyer: operator", "shop: operator"]],
  ["proposed", [event("trade.proposed")], "shop", []],
  ["paid early", [event("trade.advanced")], "shop", []],
  ["a type from another day", [event("trade.eaten")], "shop", []],
];

for (const [what, events, by, told] of cases) {
  test(`${what}: by the ${by}, told are ${told.join("; ") || "none"}`, () => {
    const lines = mailingsOf(events, by).map(
      ({ reader, kinds, asks, quiet }) => `${reader}: ${kinds.join(",")}${asks ? "!" : quiet ? "." : ""}`,
    );
    assert.deepEqual(lines, told);
  });
}

test("who gave a command is not one who has to be told of it", () => {
  assert.deepEqual(askedBy([event("trade.disputed")], "clock"), ["buyer", "shop"]);
  assert.deepEqual(askedBy([event("trade.disputed")], "shop"), ["buyer"]);
  assert.deepEqual(askedBy([event("trade.withdrawn")], "buyer"), ["shop"]);
  assert.deepEqual(askedBy([event("trade.shipped")], "shop"), []);
});

test("every kind of mail is told by some event, or asked for by a guest", () => {
  const names =
    "approveBy shipBy reservedUntil deliverBy acceptBy returnBy inspectBy answerBy paymentDate payBy coolingOffUntil";
  const deadlines = [near("deliverBy"), ...names.split(" ").map((name) => near(name, "P1D"))];
  const all = [
    ...tradeEventTypes.map((type) => event(type)),
    event("trade.shipped", { claimed: true }),
    event("trade.rejected", { kind: "missing" }),
    event("trade.accepted", { by: "clock" }),
    event("trade.sent_back", { arrived: true }),
    event("trade.withdrawn", { lapsed: true }),
    event("trade.settled", { collected: true }),
    near("payBy"),
    ...deadlines,
  ];
  const told = new Set(mailingsOf(all, "operator").flatMap(({ kinds }) => kinds));
  assert.deepEqual(
    [...mailKinds].filter((kind) => !told.has(kind)),
    ["code", "link"],
  );
});
