/** What the account of a shop or a member is, by the calls that read it. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { bankZone } from "../../core/bankfiles/bankfiles.ts";
import { dayAt, daysAfter, refuse } from "../../core/protocol/protocol.ts";
import { paidOutIn, type PayoutGround } from "../../engines/payouts/payouts.ts";
import { readClock, uuidv7 } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import type { Server } from "../http/http.ts";
import { callOwn } from "../own-calls/own-calls.ts";
import { mayCall } from "../roles/roles.ts";
import { frameOf, memberOf, type PageContext, sendPage, toMember } from "../pages/pages.ts";
import type { Attempt } from "../parts/parts.ts";
import { shopForm, shopOf, shopPage } from "../shop-desk/shop-desk.ts";
import {
  AccountPage,
  type AccountPlace,
  type AccountShown,
  type BankShown,
  type PayoutShown,
  placeOfMembers,
  placeOfShops,
  type SureShown,
} from "../shop-account-views/shop-account-views.ts";

export type Room = PageContext & { ground: PayoutGround };

/** An account as the call answers it: minor units, null beyond what the wire holds. */
export interface Kept {
  id: string;
  kind: string;
  currency: string;
  posted: number | null;
  available: number | null;
  payable: number | null;
}

/** Whose accounts these are, and how they come to their pages. */
export interface Owners {
  place: (id: string) => AccountPlace;
  page: typeof shopPage | typeof toMember;
  form: typeof shopForm | (typeof toMember & { form: true });
  /** Kinds of accounts that are paid out from here. */
  kinds: readonly string[] | undefined;
  /** Who is there; undefined where somebody has to sign in first, and the reply was sent. */
  enter: (room: Room, request: FastifyRequest, reply: FastifyReply) => Promise<Caller | undefined>;
}

export const shopOwners: Owners = {
  place: placeOfShops,
  page: shopPage,
  form: shopForm,
  kinds: undefined,
  enter: shopOf,
};

export const memberOwners: Owners = {
  place: placeOfMembers,
  page: toMember,
  form: { ...toMember, form: true },
  kinds: ["deposit"],
  enter: memberOf,
};

export interface Asking {
  owners: Owners;
  caller: Caller;
  account: Kept;
}

/** The account, where it is the caller's, and of a kind that is paid out. */
export async function readAccount(
  server: Server,
  request: FastifyRequest,
  id: string,
  { kinds }: Owners = shopOwners,
): Promise<Kept> {
  const { json, problem } = await callOwn(server, request, { method: "GET", url: `/v1/accounts/${id}` });
  if (problem !== undefined) return refuse(problem.code, problem.detail);
  const kept = json as unknown as Kept;
  if (kinds === undefined) return { ...kept, payable: kept.payable ?? null };
  // Nobody but a shop has what buyers may still ask back.
  return kinds.includes(kept.kind) ? { ...kept, payable: kept.available } : refuse("not_found");
}

/** How many payouts stand on a page, and for how many months statements do. */
const payoutsOnPage = 20;
const monthsShown = 13;

interface PayingOut {
  bankAccount: BankShown | null;
  asked: BankShown | null;
  schedule: AccountShown["schedule"];
}

/** Months, the latest first, each with its first day and its last, or today. */
function monthsTo(today: string): AccountShown["months"] {
  const found: { month: string; from: string; to: string }[] = [];
  for (let to = today; found.length < monthsShown; to = daysAfter(`${to.slice(0, 8)}01`, -1)) {
    const month = to.slice(0, 7);
    found.push({ month, from: `${month}-01`, to });
  }
  return found;
}

/** Answers with the page of an account. */
export async function sendAccount(
  server: Server,
  room: Room,
  request: FastifyRequest,
  reply: FastifyReply,
  asked: Asking & {
    after?: string | undefined;
    done?: boolean;
    sure?: Pick<SureShown, "act" | "fields" | "amount">;
    attempt?: Attempt;
  },
): Promise<FastifyReply> {
  const { owners, caller, account, after, done, sure, attempt } = asked;
  const place = owners.place(account.id);
  const { id, currency, posted, available } = account;
  const behind = after === undefined ? "" : `&after=${after}`;
  const read = async (url: string) =>
    (await callOwn(server, request, { method: "GET", url: `/v1/accounts/${id}/${url}` })).json;
  const payingOut = (await read("bank-account")) as unknown as PayingOut;
  const list = await read(`payouts?limit=${payoutsOnPage}${behind}`);
  const now = await readClock(room.database);
  const { rules } = room.ground;
  const shown: AccountShown = {
    frame: frameOf(room, caller),
    place,
    currency,
    posted,
    available,
    payable: account.payable,
    pays: rules === undefined || currency !== paidOutIn ? undefined : { least: Number(rules.least) },
    bank: payingOut.bankAccount,
    asked: payingOut.asked,
    schedule: payingOut.schedule,
    payouts: (list["items"] ?? []) as PayoutShown[],
    next: typeof list["next"] === "string" ? list["next"] : null,
    months: monthsTo(dayAt(now, bankZone)),
    now: now.toISOString(),
    mayName: caller.kind === "member" || mayCall(caller, "POST /shop/accounts/:id/bank"),
    once: uuidv7,
    done: done === true,
    sure: sure && { ...sure, bank: sure.act === "cancel" ? null : payingOut.bankAccount },
    ...(attempt === undefined ? {} : { attempt }),
  };
  const status = attempt === undefined ? 200 : (attempt.problem?.status ?? 422);
  return sendPage(reply, AccountPage, shown, status, place.page);
}
