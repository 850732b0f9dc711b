/** What members and operators do about bills: calls for programs and pages ask for the same. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { fromWire, toWire } from "../../core/money/money.ts";
import { daysAfter, dammValid, endOfDay, refuse } from "../../core/protocol/protocol.ts";
import { digestOf } from "../../engines/engine/engine.ts";
import {
  askedOf,
  askInstalments,
  type Bill,
  type DebtGround,
  dueOf,
  grantInstalments,
  type Part,
  payByOf,
  readBill,
  writeOff,
} from "../../engines/debts/debts.ts";
import type { Client } from "../../storage/database/database.ts";
import type { Caller } from "../../storage/identity/identity.ts";
import { readAccounts } from "../../storage/ledger/ledger.ts";
import { readPeopleById } from "../../storage/members/members.ts";
import { callerAmong, sendOutcome } from "../api/api.ts";
import { idempotencyKey } from "../http/http.ts";
import type { PageContext } from "../pages/pages.ts";

/** What the calls of this room need beside what all pages share. */
export type BillRoom = PageContext & { ground: DebtGround };

/** As parts come over the wire. */
export type PartWish = readonly { by: string; amount: number }[];

const wordOf = (parts: readonly Part[] | null) =>
  parts === null ? null : parts.map(({ by, amount }) => ({ by: by.toISOString(), amount: toWire(amount) }));

export function billView(
  bill: Bill,
  { member, posted }: { member: bigint | null; posted: bigint },
  now: Date,
) {
  const { number, account, currency, state, step, plan, wish, dueAt, madeAt, endedAt } = bill;
  return {
    number: String(number),
    member: String(member ?? 0n),
    account,
    currency,
    state,
    amount: toWire(bill.amount),
    fees: toWire(bill.fees),
    paid: toWire(bill.paid),
    writtenOff: toWire(bill.writtenOff),
    owed: toWire(dueOf(bill)),
    asked: toWire(askedOf(bill)),
    lineOwed: toWire(posted < 0n ? -posted : 0n),
    payBy: payByOf(bill).toISOString(),
    overdue: state === "open" && plan === null && dueAt < now,
    payable: isPayable(bill),
    step,
    instalments: wordOf(plan?.parts ?? null),
    wish: wordOf(wish),
    madeAt: madeAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}
export type BillShown = ReturnType<typeof billView>;

/** An institution has said that it takes the money. */
const isPayable = (bill: Bill): boolean =>
  bill.toldVersion > 0 && bill.toldDone && bill.refused === null && askedOf(bill) > 0n;

/** Bills as they are told, with the numbers of the members who owe them. */
export async function viewsOf(client: Client, bills: readonly Bill[], now: Date): Promise<BillShown[]> {
  const people = await readPeopleById(client, [...new Set(bills.map(({ person }) => person))]);
  const numbers = new Map(people.map(({ id, number }) => [id, number]));
  const lines = await readAccounts(client, [...new Set(bills.map(({ account }) => account))]);
  const posted = new Map(lines.map((line) => [line.id, line.posted]));
  return bills.map((bill) => {
    const line = { member: numbers.get(bill.person) ?? null, posted: posted.get(bill.account) ?? 0n };
    return billView(bill, line, now);
  });
}

export async function viewOf(client: Client, bill: Bill, now: Date): Promise<BillShown> {
  const [view] = await viewsOf(client, [bill], now);
  if (view === undefined) throw new Error("A bill has a view.");
  return view;
}

/** The bill with a number, where the caller owes it or is an operator; for anybody else it is not there. */
export async function billFor(
  { database }: Pick<BillRoom, "database">,
  caller: Caller,
  number: string,
): Promise<Bill> {
  if (!dammValid(number)) refuse("wrong_check_digit");
  const bill = number.length > 18 ? undefined : await readBill(database, BigInt(number));
  const isTheirs = caller.kind === "operator" || bill?.person === caller.id;
  return bill !== undefined && isTheirs ? bill : refuse("not_found");
}

/** Parts as they are kept: a day of the server's zone is all of it. */
function partsFrom({ settings }: Pick<BillRoom, "settings">, parts: PartWish): Part[] {
  return parts.map(({ by, amount }) => ({ by: endOfDay(by, settings.timeZone), amount: fromWire(amount) }));
}

const monthDays = 30;

/** What is owed in so many parts, one each thirty days; what does not divide is in the first. */
export function evenParts(bill: Bill, count: number, today: string): { by: string; amount: number }[] {
  const due = dueOf(bill);
  const each = due / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    by: daysAfter(today, monthDays * (index + 1)),
    amount: toWire(index === 0 ? due - each * BigInt(count - 1) : each),
  }));
}

export interface InstalmentWish {
  number: string;
  parts: PartWish;
}

export function billActs(room: BillRoom) {
  const { confirming, ground } = room;
  const shown = async (client: Client, bill: Bill) => ({ ...(await viewOf(client, bill, bill.remindedAt)) });
  return {
    /** A member's own wish: it gives nothing by itself. */
    ask: async (client: Client, { number, parts }: InstalmentWish) => {
      const wish = { number: BigInt(number), parts: partsFrom(room, parts) };
      return { status: 201, body: await shown(client, await askInstalments(ground, client, wish)) };
    },
    grant: confirming.act<InstalmentWish>("bill.instalments", async (client, { number, parts }) => {
      const wish = { number: BigInt(number), parts: partsFrom(room, parts) };
      const bill = await grantInstalments(ground, client, wish);
      return { status: 200, body: await shown(client, bill), tells: bill.person };
    }),
    /** Two agree to a sum: where something else is owed by then, they are asked anew. */
    writeOff: confirming.act<{ number: string; amount: number; reason: string }>(
      "bill.write-off",
      async (client, { number, amount, reason }, names) => {
        const wish = { number: BigInt(number), amount: fromWire(amount), reason };
        const bill = await writeOff(ground, client, wish, names);
        return { status: 200, body: await shown(client, bill), tells: bill.person };
      },
    ),
  };
}

export type BillActs = ReturnType<typeof billActs>;
type Ask<Args> = (asking: Parameters<BillActs["grant"]>[0], args: Args) => ReturnType<BillActs["grant"]>;

/** Asks for an act as a program does, and answers what it came to. */
export async function answerAct<Args>(
  room: BillRoom,
  request: FastifyRequest,
  reply: FastifyReply,
  ask: Ask<Args>,
  { subject, args }: { subject: string; args: Args },
): Promise<FastifyReply> {
  const { id: operator } = await callerAmong(room, request, ["operator"]);
  const [path = ""] = request.url.split("?");
  const digest = digestOf(request.method, path, request.body);
  return sendOutcome(reply, await ask({ operator, key: idempotencyKey(request), digest, subject }, args));
}
