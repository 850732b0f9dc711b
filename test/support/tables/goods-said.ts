/**
 * What the pages say in the stories of goods under way, each time that it changes: the lead of the buyer's page and that of the
 * staff's (`src/edge/parts/goods.ts`), where the goods are, which days are named, and what the buyer is asked beside them.
 */
export const saidInStories: Readonly<Record<string, readonly string[]>> = {
  "the buyer cancels while the parcel is on its way": [
    "way/way: way; deliverBy reservedUntil",
    "delivered/delivered: here; acceptBy reservedUntil",
    "silent/silent: coolingOffUntil",
  ],
  "the buyer rejects, keeps the goods, and waits": [
    "delivered/delivered: here; acceptBy reservedUntil",
    "toSend/toSend: toSend; returnBy reservedUntil",
    "answer/answer: toSend; answerBy decideBy reservedUntil",
    "answer/disputed: toSend; answerBy decideBy reservedUntil",
    "answer/disputed: toSend; decideBy reservedUntil",
    "settled/settled",
  ],
  "the buyer accepts, asks for the money back, and keeps the goods": [
    "delivered/delivered: here; acceptBy reservedUntil",
    "coolingOff/coolingOff: coolingOffUntil",
    "withdrawn/withdrawn: withdrawn; returnBy",
    "settled/settled",
  ],
  "without a cooling-off period nobody withdraws": ["settled/settled"],
  "the buyer has them all, and accepts one as the last": [
    "delivered/delivered: here; acceptBy reservedUntil",
    "silent/silent: coolingOffUntil",
  ],
  "the shop says delivered, and sent nothing": [
    "claimed/claimed: claimed; deliverBy reservedUntil",
    "looking/looking: neverCame; inspectBy reservedUntil",
    "rejected/rejected",
  ],
  "a parcel that takes eight days is not paid by silence": [
    "claimed/claimed: claimed; deliverBy reservedUntil",
    "delivered/delivered: here; acceptBy reservedUntil",
    "settled/settled",
  ],
  "the shop keeps the money frozen alone": [
    "reserved/reserved: unshipped; reservedUntil; wish",
    "expired/expired",
  ],
  "the shop revises to the same lines again and again": [
    "reserved/reserved: unshipped; reservedUntil",
    "expired/expired",
  ],
  "what the shop asks for, the buyer answers": [
    "reserved/reserved: unshipped; reservedUntil; wish",
    "reserved/reserved: unshipped; reservedUntil",
    "expired/expired",
  ],
  "a dispute and two who fall silent": [
    "delivered/delivered: here; acceptBy reservedUntil",
    "disputed/answer: here; answerBy decideBy reservedUntil",
    "disputed/answer: here; decideBy reservedUntil",
    "settled/settled",
  ],
  "the shop opens a dispute about nothing that it sent, and the buyer is silent": [
    "answer/disputed: unshipped; answerBy decideBy reservedUntil",
    "answer/disputed: unshipped; decideBy reservedUntil",
    "reserved/reserved: unshipped; reservedUntil",
    "expired/expired",
  ],
  "the shop never confirms what was sent back": [
    "delivered/delivered: here; acceptBy reservedUntil",
    "partlyRejected/delivered: here toSend; acceptBy returnBy reservedUntil",
    "toSend/toSend: toSend; returnBy reservedUntil",
    "homeward/homeward: homeward; inspectBy reservedUntil",
    "home/home: home; inspectBy reservedUntil",
    "settled/settled",
  ],
  "two parcels, one refused at the door, one accepted": [
    "way/way: unshipped way; deliverBy reservedUntil",
    "way/way: way way; deliverBy reservedUntil",
    "delivered/delivered: way here; acceptBy deliverBy reservedUntil",
    "delivered/delivered: here homeward; acceptBy inspectBy reservedUntil",
    "homeward/homeward: homeward; inspectBy reservedUntil",
    "settled/settled",
  ],
  "the buyer says received, and cannot say that it never came": [
    "way/way: way; deliverBy reservedUntil",
    "delivered/delivered: here; acceptBy reservedUntil",
    "silent/silent: coolingOffUntil",
  ],
  "late: the buyer's cancel is a dispute, and the shop's silence gives it back": [
    "way/way: way; deliverBy reservedUntil",
    "late/late: late; deliverBy reservedUntil",
    "disputed/answer: late; deliverBy answerBy decideBy reservedUntil",
    "cancelled/cancelled",
  ],
  "late and lost: the shop gives the goods up": [
    "way/way: unshipped way; deliverBy reservedUntil",
    "cancelled/cancelled",
  ],
  "a part is not shipped, and the buyer ends that part": [
    "way/way: unshipped way; deliverBy reservedUntil",
    "way/way: way; deliverBy reservedUntil",
    "settled/settled",
  ],
  "an unhappy buyer withdraws, sends back, and is paid back": [
    "coolingOff/coolingOff: coolingOffUntil",
    "withdrawn/withdrawn: withdrawn; returnBy coolingOffUntil",
    "homeward/homeward: homeward; coolingOffUntil inspectBy",
    "home/home: home; coolingOffUntil inspectBy",
    "coolingOff/coolingOff: coolingOffUntil",
  ],
  "what is downloaded is withdrawn from at once": [
    "coolingOff/coolingOff: coolingOffUntil",
    "paidBack/paidBack",
  ],
  "silence accepted what is wrong: two weeks to send it back": [
    "delivered/delivered: here; acceptBy reservedUntil",
    "silent/silent: coolingOffUntil",
    "withdrawn/withdrawn: withdrawn; returnBy",
    "homeward/homeward: homeward; inspectBy",
    "answer/disputed: homeward; answerBy inspectBy decideBy",
    "disputed/disputed: homeward; decideBy inspectBy",
    "paidBack/paidBack",
  ],
  "used: the shop keeps a part, and the buyer agrees": [
    "delivered/delivered: here; acceptBy reservedUntil",
    "toSend/toSend: toSend; returnBy reservedUntil",
    "homeward/homeward: homeward; inspectBy reservedUntil",
    "answer/disputed: home; answerBy inspectBy decideBy reservedUntil; offered",
    "settled/settled",
  ],
  "who has spoken for a side decides nothing": [
    "disputed/answer: unshipped; answerBy decideBy reservedUntil",
    "disputed/disputed: unshipped; decideBy reservedUntil",
    "cancelled/cancelled",
  ],
};
