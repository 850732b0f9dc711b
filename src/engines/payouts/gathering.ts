/** Payouts become a file for the bank; what two operators approved is, byte for byte, what goes there. */
import { createHash } from "node:crypto";
import {
  bankZone,
  type BankTransfer,
  isBankDay,
  most,
  pain001Of,
  type TransferFile,
  zenginOf,
} from "../../core/bankfiles/bankfiles.ts";
import { dayAt, daysAfter, refuse } from "../../core/protocol/protocol.ts";
import { type Client, randomDigits, readClock, uuidv7 } from "../../storage/database/database.ts";
import { readBankAccounts } from "../../storage/members/members.ts";
import { rulesOf } from "./asking.ts";
import {
  insertFile,
  lockFile,
  noteApproved,
  noteDownload,
  noteDropped,
  type PayoutFile,
  readFile,
} from "./file-store.ts";
import { paidOutIn, type PayoutGround } from "./ground.ts";
import { fileThem, type Payout, pickWaiting, readPayoutsOfFile, unfile } from "./payout-store.ts";

/** More than this is another file. */
const filedAtOnce = 10_000;
/** For how many days ahead a bank is asked. */
const daysAhead = 60;

/** Gathers what waits into a file. Of two processes that do so at once, each payout is in the file of one. */
export async function gatherFile(
  ground: PayoutGround,
  client: Client,
  { payOn, madeBy }: { payOn: string; madeBy: string },
): Promise<PayoutFile> {
  rulesOf(ground);
  const now = await readClock(client);
  checkDay(payOn, now);
  const picked = fitting(await pickWaiting(client, paidOutIn, filedAtOnce));
  if (picked.length === 0) return refuse("nothing_to_pay_out");
  const file = {
    id: uuidv7(),
    number: numberOf(),
    currency: paidOutIn,
    payOn,
    madeBy,
    madeAt: wholeSecond(now),
  };
  const made = bytesOf(await contentOf(ground, client, file, picked));
  const total = picked.reduce((sum, { amount }) => sum + amount, 0n);
  await insertFile(client, {
    ...file,
    count: picked.length,
    total,
    digest: digestOf(made.zengin),
    xmlDigest: digestOf(made.pain001),
  });
  await fileThem(
    client,
    file.id,
    picked.map(({ id }) => id),
  );
  return (await readFile(client, file.id)) ?? refuse("not_found");
}

/** Ten digits, the first of them no zero, which programs that take numbers for numbers lose. */
const numberOf = (): bigint => BigInt(`${(Number(randomDigits(1)) % 9) + 1}${randomDigits(9)}`);
const wholeSecond = (at: Date): Date => new Date(Math.floor(at.getTime() / 1000) * 1000);
const digestOf = (bytes: Buffer): Buffer => createHash("sha256").update(bytes).digest();

function checkDay(payOn: string, now: Date): void {
  const today = dayAt(now, bankZone);
  if (payOn > today && payOn <= daysAfter(today, daysAhead) && isBankDay(payOn)) return;
  refuse(
    "date_out_of_range",
    `A bank is asked for one of its days from tomorrow on, within ${daysAhead} days.`,
    {
      errors: [{ pointer: "/payOn", message: "is no day on which banks in Japan are asked to pay" }],
    },
  );
}

/** As many as the fields of a file can hold the sum of. */
function fitting(payouts: readonly Payout[]): Payout[] {
  let total = 0n;
  return payouts.filter(({ amount }) => {
    const fits = total + amount <= most.total;
    if (fits) total += amount;
    return fits;
  });
}

type Head = Pick<PayoutFile, "number" | "payOn" | "madeAt">;

async function contentOf(
  ground: PayoutGround,
  client: Client,
  { number, payOn, madeAt }: Head,
  payouts: readonly Payout[],
): Promise<TransferFile> {
  const { payer } = rulesOf(ground);
  const there = await readBankAccounts(
    client,
    ground.vault,
    payouts.map(({ bankAccount }) => bankAccount),
  );
  const transfers = payouts.map(({ id, account, bankAccount, amount }): BankTransfer => {
    const found = there.get(bankAccount);
    if (found === undefined || found.account !== account)
      return refuse("payout_not_open", `Where payout ${id} was to go is not kept any more.`);
    return { id: id.replaceAll("-", ""), to: found.details, amount };
  });
  return { number: String(number), payOn, madeAt, payer, transfers };
}

/** In both forms. */
const bytesOf = (file: TransferFile) => ({ zengin: zenginOf(file), pain001: pain001Of(file) });

export type FileForm = keyof ReturnType<typeof bytesOf>;

/** Lets a file go to the bank, by two: neither of whom is the other, and the second not who made it. */
export async function approveFile(
  client: Client,
  { file: id, digest }: { file: string; digest: string },
  names: { operator: string; confirmedBy: string | null },
): Promise<PayoutFile> {
  const file = await lockFile(client, id);
  if (file === undefined || file.digest.toString("hex") !== digest) return refuse("not_found");
  if (names.confirmedBy === file.madeBy)
    refuse(
      "four_eyes_required",
      "Whoever made a file asks for it to be approved; somebody else confirms that.",
    );
  if (file.state !== "made") return refuse("payout_not_open", `The file is ${file.state}.`);
  await noteApproved(client, id, names);
  return (await readFile(client, id)) ?? refuse("not_found");
}

/** Takes a file back that nobody has taken away yet; what is in it waits for another. */
export async function dropFile(client: Client, id: string): Promise<PayoutFile> {
  const file = await lockFile(client, id);
  if (file === undefined) return refuse("not_found");
  if (file.state !== "made" && file.state !== "approved")
    return refuse("payout_not_open", `The file is ${file.state}: it may be at the bank.`);
  await unfile(client, id);
  await noteDropped(client, id);
  return (await readFile(client, id)) ?? refuse("not_found");
}

/** The bytes of an approved file, for an operator who takes them to the bank; that is written down. */
export async function takeFile(
  ground: PayoutGround,
  client: Client,
  { file: id, form, operator }: { file: string; form: FileForm; operator: string },
): Promise<{ file: PayoutFile; bytes: Buffer }> {
  const file = await lockFile(client, id);
  if (file === undefined) return refuse("not_found");
  if (file.state === "made" || file.state === "dropped")
    return refuse("payout_not_open", "Two operators have to approve a file before it goes anywhere.");
  const bytes = bytesOf(await contentOf(ground, client, file, await readPayoutsOfFile(client, id)));
  // The account from which is paid stands in the configuration, and may have become another one since.
  if (!digestOf(bytes.zengin).equals(file.digest) || !digestOf(bytes.pain001).equals(file.xmlDigest))
    return refuse(
      "payout_not_open",
      "This is not what was approved any more: drop the file and gather it anew.",
    );
  await noteDownload(client, { file: id, format: form, operator });
  return { file, bytes: bytes[form] };
}
