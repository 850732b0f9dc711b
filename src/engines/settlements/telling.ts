/** Settlements are written with the mails that tell of them, in the transaction of the change. */
import { type Client, readClock } from "../../storage/database/database.ts";
import { insertSettlementMails, type MailUse, type SettlementMailKind } from "../outbox/outbox.ts";
import {
  answerAsOwner,
  type Decided,
  decideAsked,
  insertAsked,
  insertSettlements,
  type NewAsk,
  type NewSettlement,
  insertSilences,
  notePaid,
  readSettlement,
  type Silence,
} from "./settlement-store.ts";

/** What a batch comes to. */
export interface Told {
  /** Paid from accounts of members. */
  paid: readonly NewSettlement[];
  asked: readonly NewAsk[];
  /** Of what was asked for before: what is paid now. */
  done: readonly { id: string; owner: string }[];
  silences: readonly Silence[];
}

export function writeSettlements(
  client: Client,
  { paid, asked, done, silences }: Told,
  use: MailUse,
  now: Date,
): Promise<unknown>[] {
  const sent: Promise<unknown>[] = [];
  if (paid.length > 0) sent.push(insertSettlements(client, paid));
  if (asked.length > 0) sent.push(insertAsked(client, asked));
  if (silences.length > 0) sent.push(insertSilences(client, silences, now));
  const ids = done.map(({ id }) => id);
  if (done.length > 0) sent.push(notePaid(client, ids, now));
  const mails = [
    ...[...paid, ...done].map((one) => mailOf(one, "paid from account", now)),
    ...asked.map((one) => mailOf(one, "confirm payment", now)),
  ];
  if (mails.length > 0) sent.push(insertSettlementMails(client, mails, use));
  return sent;
}

const mailOf = ({ id, owner }: { id: string; owner: string }, kind: SettlementMailKind, at: Date) => ({
  settlement: id,
  party: owner,
  kind,
  at,
});

/** What the owner says to a payment that waits: `objection` is why not. False where it waits for them no more. */
export async function answerSettlement(
  client: Client,
  answer: { id: string; owner: string; objection: string | null },
): Promise<boolean> {
  return answerAsOwner(client, { ...answer, at: await readClock(client) });
}

/** What two operators decide; the owner is told. False where there is nothing to decide. */
export async function decideSettlement(
  client: Client,
  decided: Omit<Decided, "at">,
  use: MailUse,
): Promise<string | undefined> {
  const at = await readClock(client);
  if (!(await decideAsked(client, { ...decided, at }))) return undefined;
  const settlement = await readSettlement(client, decided.id);
  if (settlement === undefined) return undefined;
  const kind = decided.pay ? "objection refused" : "objection upheld";
  await insertSettlementMails(client, [mailOf(settlement, kind, at)], use);
  return settlement.owner;
}
