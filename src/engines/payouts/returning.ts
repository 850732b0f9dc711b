/** What became of a file: told done, or single payouts come back, by an operator's entry or by what the bank says. */
import { createHash } from "node:crypto";
import { readReport, type Report, type Reported } from "../../core/bankfiles/bankfiles.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import type { Client } from "../../storage/database/database.ts";
import { openBooks, postOne } from "../../storage/ledger/ledger.ts";
import { banksWord, countUnclosed, type Found, keepFound } from "../breaks/breaks.ts";
import { insertPayoutMail } from "../outbox/outbox.ts";
import { bringBack, refuseFor } from "./asking.ts";
import { lockFile, noteDone, type PayoutFile, readFile, readFiles, readFilesByNumber } from "./file-store.ts";
import { ownerOfAccount, paidOutIn, type PayoutGround } from "./ground.ts";
import {
  endAsDone,
  insertReport,
  readByStatement,
  readReported,
  lockPayouts,
  lockPayoutsOfFile,
  type Payout,
  readPayout,
  readPayouts,
  readPayoutsOfFile,
} from "./payout-store.ts";

/** The bank has paid the file, but for what came back of it. */
export async function completeFile(
  { house }: Pick<PayoutGround, "house">,
  client: Client,
  { file: id, reference }: { file: string; reference: string },
): Promise<PayoutFile> {
  const file = await lockFile(client, id);
  if (file === undefined) return refuse("not_found");
  if (file.state !== "sent") return refuse("payout_not_open", `The file is ${file.state}, not at the bank.`);
  const paid = await lockPayoutsOfFile(client, id);
  const amount = paid.reduce((sum, one) => sum + one.amount, 0n);
  if (amount > 0n) {
    const { currency } = file;
    const move = { from: house("payouts", currency), to: house("outside", currency), currency, amount };
    // Once for a file: its own id is that of the transfer.
    const posted = await postOne(client, { do: "transfer", id, ...move });
    if ("refused" in posted) return refuseFor(posted);
  }
  await endAsDone(
    client,
    paid.map((one) => one.id),
  );
  await noteDone(client, id, reference);
  return (await readFile(client, id)) ?? refuse("not_found");
}

/** A payout that the bank could not pay (振込不能) is its owner's again, whether or not its file was told done before. */
export async function returnPayout(
  ground: PayoutGround,
  client: Client,
  { payout: id, reason }: { payout: string; reason: string },
): Promise<{ payout: Payout; owner: string | undefined }> {
  const before = await readPayout(client, id);
  if (before === undefined) return refuse("not_found");
  const file = before.file === null ? undefined : await lockFile(client, before.file);
  const [payout] = await lockPayouts(client, [id]);
  if (payout === undefined || file === undefined || payout.file !== file.id || !isAtBank(payout, file))
    return refuse("payout_not_open", `It is ${payout?.state ?? "gone"}, so no bank can send it back.`);
  const owner = (await ownerOfAccount(client, payout.account))?.id;
  return { payout: await comeBack(ground, client, payout, reason), owner };
}

/** Only what went to a bank comes back from it, and once. */
function isAtBank({ state }: Payout, file: PayoutFile): boolean {
  return state === "done" || (state === "filed" && file.state === "sent");
}

async function comeBack(
  ground: PayoutGround,
  client: Client,
  payout: Payout,
  reason: string,
): Promise<Payout> {
  await bringBack(ground, client, payout, { state: "returned", reason });
  const owner = await ownerOfAccount(client, payout.account);
  if (owner !== undefined)
    await insertPayoutMail(
      client,
      { payout: payout.id, party: owner.id, kind: "payout returned" },
      ground.mails,
    );
  return (await readPayout(client, payout.id)) ?? payout;
}

/** What is to be booked of a bank's message: nothing personal, so that it can wait for a second operator. */
export interface ReportBooking {
  format: string;
  /** SHA-256 of the message, in hexadecimal digits. */
  digest: string;
  returned: { payout: string; reason: string }[];
  /** Files of which the message says that all but what came back was paid. */
  done: string[];
  /**
   * Payouts that have come back to their owners, and of which it says that they were paid. Those that a statement has brought back
   * are not among them: it shows the money itself, and a bank sends back what it has paid.
   */
  contradicted: string[];
  /** Of each file of which it says that something was paid: how many of its payouts had come back when the message was read. */
  backBefore: { file: string; back: number }[];
  /** Transfers of which it says what was booked before. */
  known: number;
  /** How often money came back that no file of ours had sent; what its ids say may be about somebody. */
  unknown: number;
}

const refuseTwice = (): never => refuse("already_exists", "This very message has been booked before.");
const wrong = (detail: string): never => refuse("bank_file_refused", detail);

/** What a message speaks of, as it is kept here. */
interface Known {
  report: Extract<Report, { files: unknown }>;
  /** The files that it names. */
  named: readonly PayoutFile[];
  payouts: ReadonlyMap<string, Payout>;
  files: ReadonlyMap<string, PayoutFile>;
}

/**
 * Reads what a bank says, and finds what it speaks of; refuses all of it where anything of it cannot be right. `isRepeated`: the
 * request was made before, and is answered as it was.
 */
export async function lookAtReport(
  client: Client,
  bytes: Buffer,
  isRepeated: () => Promise<boolean>,
): Promise<ReportBooking> {
  const report = readReport(bytes);
  if ("wrong" in report) return wrong(report.wrong);
  const digest = createHash("sha256").update(bytes).digest();
  const booked = await readReported<ReportBooking>(client, digest);
  if (booked !== undefined) return (await isRepeated()) ? booked : refuseTwice();
  const named = await filesNamed(client, report);
  const transfers = [...report.transfers, ...(await wholeFiles(client, report, named))];
  const payouts = await readPayouts(
    client,
    transfers.flatMap(({ id }) => payoutId(id) ?? []),
  );
  const files = await readFiles(
    client,
    [...payouts.values()].flatMap(({ file }) => file ?? []),
  );
  const { format } = report;
  const booking: ReportBooking = {
    format,
    digest: digest.toString("hex"),
    returned: [],
    done: [],
    contradicted: [],
    backBefore: [],
    known: 0,
    unknown: 0,
  };
  const paid = new Map<string, number>();
  for (const reported of transfers) place({ report, named, payouts, files }, reported, booking, paid);
  for (const [file, count] of paid) {
    booking.backBefore.push({ file, back: await countBack(client, file, booking) });
    if (await isWhole(client, file, count, booking)) booking.done.push(file);
  }
  return withoutLater(client, booking);
}

/** What a statement has brought back was paid before, so that a message which says so is only late. */
async function withoutLater(client: Client, booking: ReportBooking): Promise<ReportBooking> {
  const { contradicted, known } = booking;
  if (contradicted.length === 0) return booking;
  const later = new Set(await readByStatement(client, contradicted));
  const left = contradicted.filter((id) => !later.has(id));
  return { ...booking, contradicted: left, known: known + contradicted.length - left.length };
}

/** How many payouts of a file have come back, but for those that a message itself brings back. */
async function countBack(
  client: Client,
  file: string,
  { returned }: Pick<ReportBooking, "returned">,
): Promise<number> {
  const own = new Set(returned.map(({ payout }) => payout));
  const payouts = await readPayoutsOfFile(client, file);
  return payouts.filter(({ id, state }) => state === "returned" && !own.has(id)).length;
}

async function filesNamed(client: Client, { named }: { named: readonly string[] }): Promise<PayoutFile[]> {
  const numbers = named.map((number) => (/^[1-9][0-9]{9}$/.test(number) ? BigInt(number) : -1n));
  const files = await readFilesByNumber(client, numbers);
  const missing = named.find((number) => !files.some((file) => String(file.number) === number));
  if (missing !== undefined) wrong(`It speaks of a file ${missing.slice(0, 35)}, which is none of ours.`);
  const early = files.find(({ state }) => state !== "sent" && state !== "done");
  if (early !== undefined)
    wrong(`It speaks of file ${early.number}, which is ${early.state} and at no bank.`);
  return files;
}

/** What is said of a file as a whole, as it is of each payout that is still on its way in it. */
async function wholeFiles(
  client: Client,
  report: Known["report"],
  named: readonly PayoutFile[],
): Promise<Reported[]> {
  const found: Reported[] = [];
  for (const { number, how, reason } of report.files) {
    const file = named.find((each) => String(each.number) === number);
    const payouts = file === undefined ? [] : await readPayoutsOfFile(client, file.id);
    for (const { id, state } of payouts)
      if (state === "filed" || how === "done")
        found.push({ how, id: id.replaceAll("-", ""), ...(reason === undefined ? {} : { reason }) });
  }
  return found;
}

const idForm = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

/** The payout that a transfer's id would be of; undefined where it is none of ours. */
const payoutId = (id: string): string | undefined => idForm.exec(id.toLowerCase())?.slice(1).join("-");

/** Finds the payout of which a message speaks, and what is to be booked of it. */
function place(known: Known, reported: Reported, booking: ReportBooking, paid: Map<string, number>): void {
  const { id, how, amount, currency, reason } = reported;
  const payout = known.payouts.get(payoutId(id) ?? "");
  const file = known.files.get(payout?.file ?? "");
  const belongs = known.named.length === 0 || known.named.some((each) => each.id === file?.id);
  if (payout === undefined || file === undefined || !belongs) {
    if (known.report.format === "pain.002")
      return wrong(`It speaks of a transfer ${id.slice(0, 35)}, which is not in the file.`);
    booking.unknown += 1;
    return;
  }
  if ((currency ?? payout.currency) !== payout.currency || (amount ?? payout.amount) !== payout.amount)
    return wrong(`It gives transfer ${id} another amount than ${payout.amount} ${payout.currency}.`);
  const isOpen = payout.state === "filed";
  if (how === "done") {
    if (isOpen) paid.set(file.id, (paid.get(file.id) ?? 0) + 1);
    else if (payout.state === "returned") booking.contradicted.push(payout.id);
    else booking.known += 1;
  } else if (payout.state === "returned") booking.known += 1;
  else if (isAtBank(payout, file))
    booking.returned.push({ payout: payout.id, reason: reason ?? "no reason was said" });
  else wrong(`Transfer ${id} is ${payout.state} and at no bank.`);
}

/** A file is told done where its every payout that is on its way was paid, or comes back by the same message. */
async function isWhole(
  client: Client,
  file: string,
  count: number,
  booking: ReportBooking,
): Promise<boolean> {
  const back = new Set(booking.returned.map(({ payout }) => payout));
  const open = (await readPayoutsOfFile(client, file)).filter(
    ({ id, state }) => state === "filed" && !back.has(id),
  );
  return open.length === count;
}

/**
 * Books what was looked at, once for the bytes of the message; what has ended meanwhile in the same way is left. Where something
 * came back meanwhile of which it may say that it was paid, all of it is refused: it is read anew, against what is known by now.
 */
export async function bookReport(
  ground: PayoutGround,
  client: Client,
  booking: ReportBooking,
  names: { operator: string; confirmedBy: string | null },
): Promise<{ owners: string[] }> {
  // What waited for its second operator since before may lack what was not noted then.
  const {
    format,
    digest,
    returned,
    done,
    backBefore = [],
    contradicted = [],
  } = booking as Partial<ReportBooking> & Omit<ReportBooking, "backBefore" | "contradicted">;
  if (!(await insertReport(client, { digest: Buffer.from(digest, "hex"), booking, ...names }))) refuseTwice();
  const ids = returned.map(({ payout }) => payout);
  const named = [...(await readPayouts(client, ids)).values()].flatMap(({ file }) => file ?? []);
  const files = new Map<string, PayoutFile>();
  for (const id of [...new Set([...named, ...done, ...backBefore.map(({ file }) => file)])].sort()) {
    const file = await lockFile(client, id);
    if (file !== undefined) files.set(id, file);
  }
  for (const { file, back } of backBefore)
    if ((await countBack(client, file, booking)) !== back)
      wrong("Something of the file came back since it was read: bring it again.");
  const reasons = new Map(returned.map(({ payout, reason }) => [payout, reason]));
  const owners = new Set<string>();
  const locked = await lockPayouts(client, ids);
  await lockAccounts(ground, client, locked);
  for (const payout of locked) {
    const file = files.get(payout.file ?? "");
    if (file === undefined || !isAtBank(payout, file)) continue;
    await comeBack(ground, client, payout, reasons.get(payout.id) ?? "");
    const owner = await ownerOfAccount(client, payout.account);
    if (owner !== undefined) owners.add(owner.id);
  }
  for (const file of done.toSorted()) {
    if (files.get(file)?.state === "sent")
      await completeFile(ground, client, { file, reference: `${format} ${digest.slice(0, 16)}` });
  }
  await keepContradicted(client, contradicted, `${format} ${digest.slice(0, 16)}`);
  return { owners: [...owners] };
}

/** The owner has the money again, and the bank says that it has paid it: two operators look at it until they close it. */
async function keepContradicted(client: Client, ids: readonly string[], reference: string): Promise<void> {
  if (ids.length === 0) return;
  const found = [...(await readPayouts(client, ids)).values()].map(({ id, amount, currency }): Found => {
    return {
      subject: id,
      what: "payout",
      here: "0",
      there: String(amount),
      reference,
      currency,
      difference: amount,
    };
  });
  await keepFound(client, banksWord, found);
}

/** Of how many payouts that came back a bank has said that it has paid them, and two operators have not closed it. */
export const countContradicted = (client: Client): Promise<number> => countUnclosed(client, banksWord);

/** Locks dues of what comes back, and all accounts at once, so that two transactions never wait for each other's. */
async function lockAccounts(
  { house, lockBack }: Pick<PayoutGround, "house" | "lockBack">,
  client: Client,
  payouts: readonly Payout[],
): Promise<void> {
  await lockBack?.(
    client,
    payouts.map(({ id }) => id),
  );
  const houses = (["payouts", "outside", "suspense"] as const).map((kind) => house(kind, paidOutIn));
  const accounts = [...payouts.map(({ account }) => account), ...houses];
  await openBooks(client, { accounts, holds: [] });
}
