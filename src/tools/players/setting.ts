/** A setting of the search: who cheats, how the others behave, and on what terms they trade. */
import { dayAt } from "../../core/protocol/protocol.ts";
import { agreedPayment, type TermLine, type Terms, withWorths } from "../../core/trade/trade.ts";

export type Party = "buyer" | "shop";

/**
 * How the honest side behaves: `prompt` at once, `any` at any time up to the last moment, `absent` never (a shop still ships),
 * `fading` at any time until it falls silent for good.
 */
export type Manner = "prompt" | "any" | "absent" | "fading";

/** Durations in steps of the clock. */
export interface Durations {
  deliver: number;
  auto: number | null;
  send: number;
  inspect: number;
  reserve: number;
  ship: number | null;
  coolingOff: number;
  /** How long a parcel is on its way at most. */
  transit: number;
}

export interface Setting {
  name: string;
  cheat: Party;
  manner: Manner;
  /** Pieces on each line. */
  lines: readonly number[];
  /** With shipping and a discount, which follow the goods; only the first line costs something. */
  cart?: true;
  stepDays: number;
  lasts: Durations;
  /** Whether the honest party sends by an independent carrier who reports, out and back. */
  trackedOut: boolean;
  trackedBack: boolean;
  coolingOff?: "return" | "keep";
  /** The buyer lets the shop's word start the clock of silence. */
  shopWord?: true;
  acceptance?: Pick<Terms["acceptance"], "by" | "need">;
  /** The payment is due so many steps after the beginning, or after each acceptance. */
  payAfter?: number;
  settleAfter?: number;
  /** A guarantor stands for the buyer, who pays what is accepted at a collector. */
  collected?: true;
  /** At a guarantor: the carrier takes the money at the door, with the acceptance. */
  atDoor?: true;
  /** What nobody pays of a guarantor's bill is given up at any time. */
  givesUp?: true;
  /** The server pays the shop early where it asks: minor units that it lets the shop have so. */
  advance?: number;
  /** The standing of the shop lets it be paid early before anything has left. */
  early?: "always";
  /** Minor units that the shop owes the server from other trades. */
  debt?: number;
  /** The buyer has given a mandate: the shop revises and reserves again without asking. */
  mandate?: true;
  extendableTo?: number;
  /** Parcels can be lost. */
  losses?: true;
  /** What goes back may not be taken at the shop's door, where the shop cheats, or not be brought there. */
  astray?: true;
  /** The shop would like other terms than what is reserved. */
  wishes?: true;
  /** The buyer has reserved an amount before ordering, and the shop puts its order under the number. */
  earmark?: true;
  /** Offers are made. */
  offers?: true;
  /** Nothing reaches this side, or only an hour before its deadlines. */
  untold?: Party;
  toldLate?: Party;
  /** The carrier reports what the cheat asks for, or the operator decides as the cheat asks. */
  collusion?: "carrier" | "operator";
  /** The operator may let a trade go on, also where something could be decided. */
  hesitant?: true;
  /** At most so many moves of the cheat; left out, any number. */
  most?: number;
}

export const usual: Durations = {
  deliver: 2,
  auto: 1,
  send: 1,
  inspect: 1,
  reserve: 3,
  ship: null,
  coolingOff: 1,
  transit: 1,
};

export const plain = {
  stepDays: 7,
  lasts: usual,
  trackedOut: true,
  trackedBack: true,
  lines: [1],
  manner: "any",
} as const;

const hourMs = 3_600_000;
export const lateBy = hourMs;
export const stepMs = (setting: Setting): number => setting.stepDays * 24 * hourMs;

/** A duration of the terms, in ISO 8601. */
function duration(setting: Setting, steps: number): string {
  return `PT${setting.stepDays * 24 * steps}H`;
}

/** The terms that a setting means. Goods of different lines have different prices. */
export function termsOf(setting: Setting, start: Date): Terms {
  const { lasts } = setting;
  const lasting = (steps: number) => duration(setting, steps);
  const date = new Date(start.getTime() + (setting.payAfter ?? 0) * stepMs(setting));
  return {
    shopName: "Aoi Tea",
    reference: null,
    lines: linesOf(setting),
    payment:
      setting.collected === true
        ? { on: "collection", within: lasting(1) }
        : setting.payAfter === undefined
          ? { on: "acceptance" }
          : agreedPayment({ on: "date", date: dayAt(date, "UTC") }, "UTC"),
    acceptance: {
      by: setting.acceptance?.by ?? ["buyer"],
      need: setting.acceptance?.need ?? 1,
      autoAfter: lasts.auto === null ? null : lasting(lasts.auto),
      place: null,
      deliverWithin: lasting(lasts.deliver),
      returnWithin: lasting(lasts.send),
      inspectWithin: lasting(lasts.inspect),
      ...(setting.shopWord === undefined ? {} : { shopWord: true as const }),
    },
    approveWithin: "P14D",
    reserveFor: lasting(lasts.reserve),
    extendableTo: setting.extendableTo === undefined ? null : lasting(setting.extendableTo),
    shipWithin: lasts.ship === null ? null : lasting(lasts.ship),
    coolingOff:
      setting.coolingOff === undefined ? null : { for: lasting(lasts.coolingOff), goods: setting.coolingOff },
    independent: ["carrier"],
    ...(setting.settleAfter === undefined ? {} : { settleAfter: lasting(setting.settleAfter) }),
    shopAccount: "shop",
    feeAccount: "fee",
    fee: { fixed: 0, basisPoints: 0, roundTo: "shop" },
    personal: false,
    guest: false,
    ...(setting.earmark === undefined ? {} : { earmark: true as const }),
  };
}

/** A cart has shipping and a discount beside its first goods, and all else in it is free. */
function linesOf({ lines, cart }: Setting): TermLine[] {
  const plain = lines.map((quantity, index) => ({
    name: goods[index] ?? "Piece",
    quantity,
    unitAmount: cart === true && index > 0 ? 0 : (prices[index] ?? 1),
  }));
  if (cart !== true) return plain;
  return withWorths([
    ...plain,
    { name: "Sending", quantity: 1, amount: 40, kind: "shipping" },
    { name: "Less", quantity: 1, amount: -20, kind: "discount" },
  ]);
}

const goods = ["Tea set", "Cup"];
const prices = [100, 7];
export const pieceOf = (line: number): string => (line === 0 ? "a tea set" : "a cup");
