/**
 * Acceptors beyond the buyer (patent 0031, 0089): the recipient of a gift, with a link and a code of their own, and those
 * who bring the goods, who type the code that buyer or recipient gives them at the door.
 */
import {
  CommitUnknownError,
  type Database,
  idFrom,
  isTransient,
  uuidv7,
} from "../../storage/database/database.ts";
import { digestOf, type Outcome, refusal } from "../../engines/engine/engine.ts";
import { issueRecipientSession, makeSeal, type RecipientSession } from "../../storage/identity/identity.ts";
import {
  dammValid,
  doorCodeEvidence,
  isRefused,
  refuse,
  type Refused,
  type TradeView,
} from "../../core/protocol/protocol.ts";
import type { MoveBody } from "../../core/protocol/schemas.ts";
import type { Actor, TradeCalls } from "../../engines/trades/trades.ts";
import { type DeviceKeys, openDeviceKeys } from "./device-keys.ts";
import { type Codes, type Giver, isSame, makeCodes } from "./codes.ts";
import { lookAt, triesPerTrade } from "./door-window.ts";
import * as store from "./store.ts";

/** For how long a page does not ask for the code again. */
export const proofSeconds = 30 * 60;

/** What a carrier may get wrong in an hour. */
const triesPerHour = 60;

export interface DoorCode {
  code: string;
  until: Date;
  /** The carrier or provider to whom it is to be given; nobody else can use it. */
  hand: string;
}

export interface Doorstep {
  /** Trades that take codes: what else is asked of them is as it was. */
  guard(trades: TradeCalls<"nowhere">): TradeCalls<"doorstep">;
  /**
   * The code that buyer or recipient may give now. Only for them: the caller has found out who asks. Refuses with
   * not_an_acceptor, not_found or too_many_requests.
   */
  doorCode(trade: TradeView, giver: Giver): Promise<DoorCode>;
  /** Codes may be tried again, after a new report from the door. */
  unlockDoor(number: string, by: string): Promise<void>;
  /** The two secrets of a trade's recipient. A caller with both is taken for the recipient, so nobody else is given both. */
  recipientLink(number: string): string;
  recipientCode(number: string): string;
  /** The number of the trade that a link, or its last part, shows, or undefined where it is none of ours. */
  readLink(token: string): string | undefined;
  /**
   * The recipient whose code it is. Without the link that shows the trade; to act takes both. Refuses with
   * recipient_code_invalid or too_many_requests.
   */
  proveRecipient(trades: TradeReader, number: string, proof: RecipientProof): Promise<Actor>;
  /** For pages, which ask for the code once: that it was shown, for half an hour from `now`. Alone it opens nothing. */
  proofOf(number: string, now: Date): string;
  isProof(proof: string, number: string, now: Date): boolean;
  /** The same for a program, which then acts by a session. */
  openSession(
    trades: TradeReader,
    number: string,
    proof: Required<RecipientProof>,
  ): Promise<RecipientSession>;
  unlockRecipient(number: string, by: string): Promise<void>;
  /** For the devices of those who bring goods. */
  devices: DeviceKeys;
}

/** Trades as far as the doorstep of a recipient needs them. */
type TradeReader = Pick<TradeCalls<"desk">, "read" | "hindered">;

export interface RecipientProof {
  /** The link, or its last part. */
  link?: string;
  code: string;
}

/** Opens the room on a database. `publicUrl` is where people reach this server, without a slash at the end. */
export function openDoorstep(options: {
  database: Database;
  /** The server's own, of which links and codes are made. */
  secret: Buffer;
  publicUrl: string;
}): Doorstep {
  const { database, secret, publicUrl } = options;
  const codes = makeCodes(makeSeal(secret, "doorstep"));
  const proveRecipient: Doorstep["proveRecipient"] = async (trades, number, proof) => {
    const found = await prove({ database, codes, trades }, number, proof);
    // Whoever holds the link may be the recipient, about to answer.
    if ("refused" in found && found.refused === "too_many_requests" && proof.link !== undefined)
      await trades.hindered(number, "recipient");
    return granted(found);
  };
  return {
    guard: (trades) => guarded({ database, codes, trades }),
    doorCode: async (trade, giver) => granted(await doorCode(database, codes, trade, giver)),
    unlockDoor: (number, by) => store.unlockDoor(database, BigInt(number), by),
    recipientLink: (number) => `${publicUrl}/gift/${codes.link(number)}`,
    recipientCode: (number) => codes.recipient(number),
    readLink: (token) => codes.readLink(token),
    proveRecipient,
    proofOf: (number, now) => codes.proof(number, Math.floor(now.getTime() / 1000) + proofSeconds),
    isProof: (proof, number, now) => {
      const until = codes.readProof(proof, number);
      return until !== undefined && now.getTime() < until * 1000;
    },
    openSession: async (trades, number, proof) => {
      const { id } = await proveRecipient(trades, number, proof);
      return issueRecipientSession(database, { recipient: id, number });
    },
    unlockRecipient: (number, by) => store.unlockRecipient(database, BigInt(number), by),
    devices: openDeviceKeys(secret),
  };
}

/** A trade's recipient, of whom nothing is known but what they hold. */
export function recipientOf(number: string): Actor {
  return { kind: "recipient", id: idFrom(`recipient of ${number}`), opens: number };
}

/** What was found, or its refusal, thrown only now that what was counted is committed. */
function granted<T extends object>(found: T | Refused): T {
  return "refused" in found ? refuse(found.refused, found.detail) : found;
}

interface Room<Trades> {
  database: Database;
  codes: Codes;
  trades: Trades;
}

function guarded(room: Room<TradeCalls<"nowhere">>): TradeCalls<"doorstep"> {
  const { database, trades } = room;
  return {
    ...trades,
    checked: "doorstep",
    move: async (actor, number, body, key) => {
      if (body.do === "accept" && body.code !== undefined) {
        return acceptByCode(room, actor, number, { ...body, code: body.code }, key);
      }
      const outcome = await trades.move(actor, number, body, key);
      if (body.do !== "at-door" || outcome.how === "refused" || outcome.status >= 300) return outcome;
      // The report is on the record. Sent again with its key, it finds its answer there and opens what is missing.
      const { version } = outcome.view.value;
      const window = { trade: BigInt(number), id: uuidv7(), hand: actor.id, version };
      const opened = await reached(async () => ({ window: await store.openWindow(database, window) }));
      return "refused" in opened ? refusal(opened) : outcome;
    },
  };
}

/**
 * A code is spent by its first right use, whatever becomes of it: only the same request under the same key goes through
 * again, and finds its answer. So no two acceptances ever come of one code.
 */
async function acceptByCode(
  room: Room<TradeCalls<"nowhere">>,
  actor: Actor,
  number: string,
  { code, ...body }: MoveBody & { do: "accept"; code: string },
  key: string | undefined,
): Promise<Outcome<TradeView>> {
  if (!dammValid(number)) return refusal({ refused: "wrong_check_digit" });
  const trade = await room.trades.read(actor, number);
  if (trade === undefined) return refusal({ refused: "not_found" });
  const spender = digestOf("door", actor.id, key ?? uuidv7()).bytes;
  // Said once more under the same key it is for the record to answer, whatever stands at the door now.
  const isAgain =
    key !== undefined && (await store.readUse(room.database, BigInt(number), spender)) !== undefined;
  const untaken = isAgain ? undefined : await notToTake(room.trades, actor, number, body);
  if (untaken !== undefined) return refusal(untaken, number);
  const found = await reached(() => useCode(room, trade, actor.id, code, spender));
  if ("refused" in found) return refusal(found, number);
  const evidence = { kind: doorCodeEvidence, reference: found.window };
  return room.trades.move({ ...actor, standsFor: found.giver }, number, { ...body, evidence }, key);
}

/**
 * Why the money that is said to be taken with an acceptance could not be: so that no code is spent on a sum that is not due. What
 * was taken already is for the record to answer.
 */
async function notToTake(
  trades: TradeCalls<"nowhere">,
  actor: Actor,
  number: string,
  { collected, lines }: Omit<MoveBody & { do: "accept" }, "code">,
): Promise<Refused | undefined> {
  if (collected === undefined) return undefined;
  const numbered = lines?.flatMap(({ line, quantity }) => (line === undefined ? [] : [{ line, quantity }]));
  const due = await trades.toTake(actor, number, numbered);
  if (due === undefined || isRefused(due) || due.currency !== collected.currency) return undefined;
  if (due.amount === collected.amount) return undefined;
  return {
    refused: "amount_mismatch",
    detail: `Due are ${due.amount}, and nothing else is taken at the door.`,
  };
}

const wrongCode: Refused = {
  refused: "door_code_invalid",
  detail: "The code is wrong, used, or over; or nobody has reported being at the door.",
};
const doorLocked: Refused = {
  refused: "too_many_requests",
  detail: "Too many wrong codes. Buyer, recipient or an operator can have a new one made.",
};

/**
 * Looks at a code and spends it for `spender`, the one request that it may serve. One after another, so that no number of
 * guesses at once is more than the limit.
 */
async function useCode(
  { database, codes }: Pick<Room<unknown>, "database" | "codes">,
  { number, acceptance }: TradeView,
  hand: string,
  code: string,
  spender: Buffer,
): Promise<store.Use | Refused> {
  const trade = BigInt(number);
  return database.transaction(async (client) => {
    // Uses are read behind the lock, so that the same request sent twice at once finds what the first has spent.
    const [window, use] = await Promise.all([
      store.lockWindow(client, trade),
      store.readUse(client, trade, spender),
    ]);
    const shown = { hand, code, acceptors: acceptance.by };
    const look = lookAt({ window, use }, shown, (at, giver) => codes.door(number, at, giver));
    if (look.do === "wrong") return wrongCode;
    if (look.do === "locked") return doorLocked;
    if (look.do === "again") return look;
    if (!(await store.takeTry(client, hand, triesPerHour))) {
      return { refused: "too_many_requests", detail: "Too many wrong codes within the hour." };
    }
    if (look.do === "count") {
      await store.countWrongCode(client, trade);
      return wrongCode;
    }
    await store.giveTryBack(client, hand);
    await store.spendWindow(client, trade, spender, look.giver);
    return look;
  });
}

async function doorCode(
  database: Database,
  codes: Codes,
  { number, acceptance }: TradeView,
  giver: Giver,
): Promise<DoorCode | Refused> {
  if (!acceptance.by.includes(giver)) return { refused: "not_an_acceptor" };
  const window = await store.readWindow(database, BigInt(number));
  if (window !== undefined && window.wrong >= triesPerTrade) return doorLocked;
  if (window?.open !== true) return { refused: "not_found", detail: "Nobody is at the door now." };
  return { code: codes.door(number, window, giver), until: window.until, hand: window.hand };
}

const notTheirs: Refused = { refused: "recipient_code_invalid" };

async function prove(
  { database, codes, trades }: Room<TradeReader>,
  number: string,
  { link, code }: RecipientProof,
): Promise<Actor | Refused> {
  // Only those who hold the link can use up the tries of those who hold it.
  if (link !== undefined && codes.readLink(link) !== number) return notTheirs;
  const actor = recipientOf(number);
  if ((await trades.read(actor, number)) === undefined) return notTheirs;
  const trade = BigInt(number);
  const withLink = link !== undefined;
  return database.transaction(async (client): Promise<Actor | Refused> => {
    if (!(await store.takeRecipientTry(client, trade, withLink, triesPerTrade))) {
      return {
        refused: "too_many_requests",
        detail: "Too many wrong codes. Try again in an hour; an operator can unlock the trade before.",
      };
    }
    if (!isSame(code, codes.recipient(number))) return notTheirs;
    await store.giveRecipientTryBack(client, trade, withLink);
    return actor;
  });
}

/** Where the database was not reached, or it is not known what it did, the same request with its key finds out. */
async function reached<T extends object>(work: () => Promise<T>): Promise<T | Refused> {
  try {
    return await work();
  } catch (error) {
    if (!isTransient(error) && !(error instanceof CommitUnknownError)) throw error;
    return { refused: "outcome_unknown" };
  }
}
