/** Goods on their way back, one line a case, with what is known of them: rejected, withdrawn, and what the clock makes of it. */
import { deliver, dispute, plain, reject, reserve, wait } from "../../../test/support/tables/trades.ts";
import { bring, hand, nobodyIndependent, refuse, sendBack, ship } from "../../../test/support/tables/ways.ts";
import { type Case, testCases } from "../../../test/support/tables/cases.ts";

const a = ship("shop", { parcel: "A" });
const here = [reserve, deliver()];
const wrong = [...here, reject()];
/** Four and six, rejected and sent back in two parcels. */
const two = [...here, reject(), sendBack("buyer", { q: 4, parcel: "R" }), sendBack("buyer", { parcel: "S" })];
const never = [reserve, a, refuse("never_came", { day: 14 })];
const nobodyWasTold = { buyer: false, shop: false };

const rejecting: Case[] = [
  ["wrong goods go back", plain, here, reject(), "rejected 1000/0/0: 10 rejected seen; returnBy 10"],
  [
    "a part: the clock of the rest runs on",
    plain,
    here,
    reject(4),
    "delivered 1000/0/0: 4 rejected seen, 6 delivered seen; acceptBy 7 returnBy 10",
  ],
  [
    "while it is still under way: they have time from the day it should have come",
    plain,
    [reserve, ship("carrier", { q: 10, parcel: "A" })],
    reject(),
    "rejected 1000/0/0: 10 rejected A under way; deliverBy 14 returnBy 24",
  ],
  [
    "a few are missing: the shop looks",
    plain,
    here,
    refuse("missing", { q: 2 }),
    "delivered 1000/0/0: 2 missing seen, 8 delivered seen; acceptBy 7 inspectBy 5",
  ],
  ["never came, but not yet", plain, [reserve, a], refuse("never_came", { day: 13.9 }), "not_due_yet"],
  [
    "never came",
    plain,
    [reserve, a],
    refuse("never_came", { day: 14 }),
    "rejected 1000/0/0: 10 never_came A; deliverBy 14 inspectBy 19",
  ],
  [
    "earlier, where the shop says that it has come",
    plain,
    [reserve, a, hand("shop", { day: 2 })],
    refuse("never_came", { day: 3 }),
    "rejected 1000/0/0: 10 never_came A claimed; deliverBy 14 inspectBy 8",
  ],
  [
    "or the carrier does",
    plain,
    [reserve, deliver(undefined, 2)],
    refuse("never_came", { day: 3 }),
    "rejected 1000/0/0: 10 never_came seen; inspectBy 8",
  ],
  [
    "by one who has said: received",
    plain,
    [reserve, a, hand("buyer")],
    refuse("never_came", { day: 14 }),
    "already_received",
  ],
  ["of what has not left", plain, [reserve], refuse("never_came", { day: 14 }), "already_rejected"],
  [
    "rejected in a dispute",
    plain,
    [...here, dispute("shop")],
    reject(4),
    "disputed 1000/0/0: 4 rejected seen, 6 delivered seen; acceptBy 7 returnBy 10",
  ],
];

const back: Case[] = [
  [
    "the buyer says so: it may take as long as the way here",
    plain,
    wrong,
    sendBack("buyer", { parcel: "R", day: 2 }),
    "rejected 1000/0/0: 10 rejected seen return said R; inspectBy 21",
  ],
  ["by the shop", plain, wrong, sendBack("shop"), "not_allowed"],
  ["twice", plain, [...wrong, sendBack("buyer")], sendBack("buyer"), "nothing_to_return"],
  ["nothing was rejected", plain, here, sendBack("buyer"), "nothing_to_return"],
  ["what never came has nothing to send", plain, never, sendBack("buyer", { day: 15 }), "nothing_to_return"],
  [
    "a carrier has picked it up: the shop has its full time again",
    plain,
    [...wrong, sendBack("buyer", { parcel: "R", day: 2 })],
    sendBack("carrier", { parcel: "R", day: 9 }),
    "rejected 1000/0/0: 10 rejected seen return picked_up R; inspectBy 28",
  ],
  [
    "an independent carrier brings it: the shop has its time from then on, and never less",
    plain,
    [...wrong, sendBack("buyer", { parcel: "R", day: 2 })],
    bring("carrier", { parcel: "R", day: 20 }),
    "rejected 1000/0/0: 10 rejected seen back R; inspectBy 25",
  ],
  [
    "a carrier that is not independent only says so",
    nobodyIndependent,
    [reserve, reject()],
    bring("carrier", { parcel: "R", day: 2 }),
    "rejected 1000/0/0: 10 rejected return said R; inspectBy 21",
  ],
  ["which of two parcels?", plain, two, bring("carrier", { day: 3 }), "invalid_field"],
  [
    "one of two",
    plain,
    two,
    bring("carrier", { parcel: "S", day: 3 }),
    "rejected 1000/0/0: 4 rejected seen return said R, 6 rejected seen back S; inspectBy 19",
  ],
  [
    "a parcel that nobody has named is that of goods that were sent, not of those that were not",
    plain,
    [...wrong, sendBack("buyer", { q: 4 })],
    bring("carrier", { q: 4, parcel: "R", day: 3 }),
    "rejected 1000/0/0: 4 rejected seen back R, 6 rejected seen; inspectBy 19 returnBy 10",
  ],
  [
    "refused at the door, which is a rejection by itself",
    plain,
    [reserve, ship("carrier", { q: 10, parcel: "A" })],
    sendBack("carrier", { parcel: "A", day: 4 }),
    "rejected 1000/0/0: 10 rejected A under way return picked_up A; inspectBy 23",
  ],
  [
    "one parcel of two",
    plain,
    [reserve, ship("shop", { q: 4, parcel: "A" }), ship("shop", { parcel: "B" })],
    sendBack("carrier", { parcel: "A", day: 4 }),
    "delivered 1000/0/0: 4 rejected A return picked_up A, 6 shipped B; deliverBy 14 inspectBy 23",
  ],
  ["by the buyer, of what has not come", plain, [reserve, a], sendBack("buyer"), "nothing_to_return"],
  ["the shop has it", plain, [...wrong, sendBack("buyer")], bring("shop"), "rejected 0/0/1000"],
  [
    "also where nobody has said that it was sent",
    plain,
    wrong,
    bring("shop", { q: 4 }),
    "rejected 600/0/400: 6 rejected seen; returnBy 10",
  ],
  [
    "by its parcel: the other one is still open",
    plain,
    two,
    bring("shop", { parcel: "S" }),
    "rejected 400/0/600: 4 rejected seen return said R; inspectBy 19",
  ],
  ["a parcel that nobody has sent", plain, two, bring("shop", { parcel: "X" }), "nothing_to_return"],
  ["the shop agrees that it never came", plain, never, bring("shop", { day: 15 }), "rejected 0/0/1000"],
  [
    "sent back in a dispute",
    plain,
    [...wrong, dispute("shop")],
    sendBack("buyer", { parcel: "R" }),
    "disputed 1000/0/0: 10 rejected seen return said R; inspectBy 19",
  ],
  [
    "and taken back in it",
    plain,
    [...wrong, dispute("shop"), sendBack("buyer")],
    bring("shop"),
    "rejected 0/0/1000",
  ],
];

const silences: Case[] = [
  ["not sent back in time: a dispute", plain, wrong, wait(10), "disputed 1000/0/0: 10 rejected seen"],
  [
    "sent in time, and nobody looks: the shop's silence confirms",
    plain,
    [...wrong, sendBack("buyer", { day: 9 })],
    wait(28),
    "rejected 0/0/1000",
  ],
  [
    "not a moment before",
    plain,
    [...wrong, sendBack("buyer", { day: 9 })],
    wait(27.9),
    "rejected 1000/0/0: 10 rejected seen return said; inspectBy 28",
  ],
  [
    "not against a shop that was not told",
    plain,
    [...wrong, sendBack("buyer", { day: 9 })],
    wait(28, { buyer: true, shop: false }),
    "disputed 1000/0/0: 10 rejected seen return said",
  ],
  [
    "missing: the shop is silent, but somebody saw the delivery",
    plain,
    [...here, refuse("missing")],
    wait(5),
    "disputed 1000/0/0: 10 missing seen",
  ],
  ["missing: nobody saw it", plain, [reserve, refuse("missing")], wait(5), "rejected 0/0/1000"],
  ["never came, and the shop is silent", plain, never, wait(19), "rejected 0/0/1000"],
  [
    "never came, though the carrier has delivered",
    plain,
    [...here, refuse("never_came")],
    wait(5),
    "disputed 1000/0/0: 10 never_came seen",
  ],
  [
    "in the end of both silences it is paid, for that is what was seen",
    plain,
    [...here, refuse("never_came")],
    wait(12),
    "settled 0/1000/0",
  ],
  [
    "not against a buyer whom nothing reached",
    plain,
    here,
    wait(7, { buyer: false, shop: true }),
    "disputed 1000/0/0: 10 delivered seen",
  ],
  [
    "nor is an operator's time cut short by that",
    plain,
    here,
    wait(40, nobodyWasTold),
    "disputed 1000/0/0: 10 delivered seen",
  ],
];

testCases({ rejecting, back, silences });
