/** The settings that are searched: a set for every run of the tests, and the whole. */
import { plain, type Setting, usual } from "../players/players.ts";

export const buyerCheats: Setting = {
  ...plain,
  name: "the buyer cheats a prompt shop",
  cheat: "buyer",
  manner: "prompt",
};
export const shopCheats: Setting = {
  ...plain,
  name: "the shop cheats a prompt buyer",
  cheat: "shop",
  manner: "prompt",
};
export const absentBuyer: Setting = {
  ...plain,
  name: "the shop cheats an absent buyer",
  cheat: "shop",
  manner: "absent",
};
/** Two pieces of one line, each in a parcel of its own. */
export const bySmallParcels: Setting = {
  ...buyerCheats,
  name: "two of a line, the buyer cheats",
  lines: [2],
  most: 3,
};
/** Nothing reaches the buyer, whose silence then says nothing. */
export const threeInSilence: Setting = { ...absentBuyer, name: "nothing reaches the buyer", untold: "buyer" };
/** The buyer hears of what they have to act on an hour before it is over. */
export const atTheLastHour: Setting = {
  ...shopCheats,
  name: "the buyer is told at the last hour",
  toldLate: "buyer",
};
/** An operator who lets things go on, and a shop that sends without anybody who would see it come. */
export const hesitant: Setting = {
  ...buyerCheats,
  name: "before an operator who lets things go on, the buyer cheats",
  hesitant: true,
  trackedOut: false,
};

/** The shop is paid early, or owes the server from other trades, while the buyer can still change their mind. */
export const paidEarly: Setting = {
  ...shopCheats,
  name: "the shop is paid early",
  advance: 100,
  coolingOff: "return",
  most: 3,
};
/** The same of a shop that an operator lets be paid early before anything has left. */
const paidAtOnce: Setting = { ...paidEarly, name: "the shop is paid early at once", early: "always" };
export const inDebt: Setting = {
  ...shopCheats,
  name: "the shop owes the server",
  debt: 100,
  coolingOff: "return",
  most: 3,
};

/** The shop would like a higher price than what is reserved, as often as it likes. */
export const wishing: Setting = {
  ...shopCheats,
  name: "the shop would like other terms",
  wishes: true,
};

/** What goes back may be with the buyer again. */
const astray: Setting = { ...shopCheats, name: "the shop has a wrong address", astray: true, most: 4 };

const cooling = { coolingOff: "return" } as const;

/** A guarantor stands for the buyer: who accepts and never pays, a shop that claims what was paid or frees nothing. */
const unpaid: Setting = {
  ...buyerCheats,
  name: "at a guarantor, the buyer cheats",
  collected: true,
  most: 4,
};
const overclaimed: Setting = { ...shopCheats, name: "at a guarantor, the shop cheats", collected: true };

/** The carrier takes the money at the door. */
const atDoors = {
  atDoor: true,
  acceptance: { by: ["buyer", "carrier"] as ("buyer" | "carrier")[], need: 1 },
} as const;

/** What was claimed is given up, while the goods can still go back. */
export const givenUp: Setting = {
  ...unpaid,
  name: "at a guarantor, a debt is given up",
  givesUp: true,
  coolingOff: "return",
  lasts: { ...usual, coolingOff: 6 },
  most: 5,
};

/** The order follows the reservation: what the shop puts under the number the buyer has not looked at before. */
const orderedLater: Setting = {
  ...shopCheats,
  name: "reserved before ordering, the shop cheats",
  earmark: true,
};

/** Under two minutes together, also on a slow machine. */
export const settings: readonly Setting[] = [
  buyerCheats,
  shopCheats,
  absentBuyer,
  { ...shopCheats, name: "the shop cheats a buyer who acts at any time", manner: "any" },
  { ...shopCheats, name: "the shop cheats a buyer who falls silent", manner: "fading", most: 4 },
  { ...buyerCheats, name: "the buyer cheats a shop that acts at any time", manner: "any", most: 3 },
  { ...shopCheats, name: "cooling-off, the shop cheats", ...cooling },
  { ...buyerCheats, name: "cooling-off, the buyer cheats", ...cooling, most: 4 },
  { ...buyerCheats, name: "goods are kept, the buyer cheats", coolingOff: "keep", most: 4 },
  bySmallParcels,
  { ...absentBuyer, name: "two of a line, an absent buyer", lines: [2], most: 4 },
  { ...shopCheats, name: "two of a line, the shop cheats", lines: [2], most: 3 },
  { ...buyerCheats, name: "two lines, the buyer cheats", lines: [1, 1], most: 2 },
  { ...shopCheats, name: "two lines, the shop cheats", lines: [1, 1], most: 2 },
  threeInSilence,
  atTheLastHour,
  paidEarly,
  inDebt,
  astray,
  hesitant,
  wishing,
  orderedLater,
  { ...buyerCheats, name: "reserved before ordering, the buyer cheats", earmark: true, most: 4 },
  { ...absentBuyer, name: "reserved before ordering, an absent buyer", earmark: true, most: 4 },
  unpaid,
  { ...overclaimed, most: 4 },
  { ...givenUp, most: 4 },
  { ...unpaid, ...atDoors, name: "paid at the door, the buyer cheats", most: 3 },
  { ...overclaimed, ...atDoors, ...cooling, name: "paid at the door, the shop cheats", most: 3 },
  { ...absentBuyer, name: "at a guarantor, an absent buyer", collected: true, most: 4 },
  { ...unpaid, name: "at a guarantor, goods are kept, the buyer cheats", coolingOff: "keep", most: 3 },
  { ...overclaimed, name: "at a guarantor, cooling-off, the shop cheats", ...cooling, most: 3 },
  { ...buyerCheats, name: "the shop would like other terms, the buyer cheats", wishes: true, most: 4 },
  { ...buyerCheats, name: "two of a cart, the buyer cheats", lines: [2], cart: true, most: 2 },
  { ...shopCheats, name: "goods with a gift, the shop cheats", lines: [1, 1], cart: true, most: 2 },
  { ...buyerCheats, name: "goods with a gift, the buyer cheats", lines: [1, 1], cart: true, most: 2 },
];

const twoOfThree = {
  by: ["buyer", "recipient", "carrier"] as ("buyer" | "recipient" | "carrier")[],
  need: 2,
};
const slow = { ...usual, ship: 2, reserve: 2, transit: 2, deliver: 3 };

/** The whole: all that the set has, with more moves, and what else trades can agree on. */
export const deepSettings: readonly Setting[] = [
  ...settings.map(({ most, ...setting }) => (most === undefined ? setting : { ...setting, most: most + 1 })),
  { ...shopCheats, name: "before an operator who lets things go on, the shop cheats", hesitant: true },
  paidAtOnce,
  { ...shopCheats, name: "two of a line, the shop is paid early", advance: 200, lines: [2], most: 3 },
  { ...shopCheats, name: "accepted claims are bought", advance: 100, payAfter: 4, most: 4 },
  { ...inDebt, name: "the shop owes the server, and is paid early", advance: 250, lines: [1, 1], most: 2 },
  { ...buyerCheats, name: "the buyer cheats a shop that is paid early", advance: 100, ...cooling, most: 3 },
  { ...buyerCheats, name: "the buyer writes a wrong address", astray: true, ...cooling, most: 4 },
  { ...buyerCheats, name: "an absent shop", manner: "absent" },
  { ...buyerCheats, name: "an absent shop, whom nothing reaches", manner: "absent", untold: "shop" },
  { ...buyerCheats, name: "the shop is told at the last hour", toldLate: "shop" },
  { ...absentBuyer, name: "the shop's word counts, an absent buyer", shopWord: true },
  { ...shopCheats, name: "the shop's word counts", shopWord: true, manner: "any" },
  { ...buyerCheats, name: "sent without a carrier", trackedOut: false, trackedBack: false },
  { ...shopCheats, name: "sent back without a carrier", trackedBack: false },
  { ...buyerCheats, name: "offers, the buyer cheats", offers: true, most: 4 },
  { ...shopCheats, name: "offers, the shop cheats", offers: true },
  { ...buyerCheats, name: "a payment date, the buyer cheats", payAfter: 4, ...cooling, most: 4 },
  { ...shopCheats, name: "a payment date, the shop cheats", payAfter: 4, ...cooling },
  { ...buyerCheats, name: "paid later, the buyer cheats", settleAfter: 2, ...cooling, most: 4 },
  { ...shopCheats, name: "paid later, the shop cheats", settleAfter: 2, manner: "any" },
  { ...buyerCheats, name: "parcels are lost, the buyer cheats", losses: true },
  { ...shopCheats, name: "parcels are lost, the shop cheats", losses: true },
  { ...shopCheats, name: "a mandate", mandate: true, most: 5 },
  { ...shopCheats, name: "two of three accept, the shop cheats", acceptance: twoOfThree },
  { ...buyerCheats, name: "two of three accept, the buyer cheats", acceptance: twoOfThree },
  { ...shopCheats, name: "the shop may extend", extendableTo: 5, manner: "any" },
  { ...shopCheats, name: "long ways, the shop cheats", lasts: slow, manner: "any" },
  { ...buyerCheats, name: "long ways, the buyer cheats", lasts: slow },
  {
    ...shopCheats,
    name: "nothing by silence, the shop cheats",
    lasts: { ...usual, auto: null },
    manner: "any",
  },
  { ...buyerCheats, name: "nothing by silence, the buyer cheats", lasts: { ...usual, auto: null } },
  { ...unpaid, name: "at a guarantor, two of a line, the buyer cheats", lines: [2], most: 3 },
  { ...overclaimed, name: "at a guarantor, two of a line, the shop cheats", lines: [2], most: 3 },
  { ...overclaimed, name: "at a guarantor, a buyer who pays at any time", manner: "any", most: 4 },
];
