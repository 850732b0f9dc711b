/** A bank's file: read as a whole, kept sealed until two operators have agreed to it, and booked once for each entry. */
import { createHash } from "node:crypto";
import {
  type Incoming,
  type IncomingForm,
  type IncomingStatement,
  readIncoming,
} from "../../core/bankfiles/bankfiles.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { type Client, idFrom, readClock, uuidv7 } from "../../storage/database/database.ts";
import { openBooks, writeSealed } from "../../storage/ledger/ledger.ts";
import { dropKeys, insertKeys, readKeys } from "../../storage/members/members.ts";
import {
  dropAsked,
  forgetDetails,
  insertArrivals,
  insertStatement,
  type NewArrival,
  noteBooked,
  readArrivals,
  readBankStatement,
  type StatementRow,
} from "./arrival-store.ts";
import { type ArrivalGround, keyOf, type OwnAccount, ownAccount } from "./ground.ts";

type Ground = Pick<ArrivalGround, "vault" | "house" | "accounts">;

const wrong = (detail: string): never => refuse("bank_file_refused", detail);

/** What is known of who has paid. */
export interface Told {
  remitter: string;
  text: string;
  from: string;
  to: string | null;
}

/** An entry as it waits for the second operator. Amounts as digits, since it waits as JSON. */
interface Entry extends Told {
  line: number;
  account: string;
  reference: string;
  day: string;
  currency: string;
  amount: string;
  takenBack: boolean;
  uncertain: boolean;
}

/** What a file comes to, as the second operator reads it. */
export interface StatementWish {
  statement: string;
  digest: string;
  form: IncomingForm;
  /** The accounts at banks of which it speaks. */
  accounts: string[];
  firstDay: string;
  lastDay: string;
  count: number;
  total: string;
}

/**
 * Reads a file and keeps what it says; refuses all of it where anything cannot be right. `isRepeated`: the request was made before,
 * and is answered as it was.
 */
export async function lookAtStatement(
  ground: Ground,
  client: Client,
  { bytes, operator }: { bytes: Buffer; operator: string },
  isRepeated: () => Promise<boolean>,
): Promise<StatementWish> {
  const read = readIncoming(bytes, await readClock(client));
  if ("wrong" in read) return wrong(read.wrong);
  const { form, statements } = read;
  const digest = createHash("sha256").update(bytes).digest();
  const id = idFrom(`bank statement ${digest.toString("hex")}`);
  const entries = statements.flatMap((statement) => entriesOf(ground, form, statement));
  await checkKnown(client, entries);
  const brought = entries.filter(({ takenBack }) => !takenBack);
  const days = statements
    .flatMap(({ from, to }) => [from, to])
    .filter((day) => day !== "")
    .toSorted();
  const total = brought.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  const wish: StatementWish = {
    statement: id,
    digest: digest.toString("hex"),
    form,
    accounts: [...new Set(statements.map((each) => keyOf(accountOf(ground, form, each))))],
    firstDay: days[0] ?? "",
    lastDay: days.at(-1) ?? "",
    count: brought.length,
    total: String(total),
  };
  const { key, sealed } = ground.vault.seal("bank_statements", id, { content: JSON.stringify(entries) });
  const content = sealed.content ?? Buffer.alloc(0);
  const isNew = await insertStatement(client, { ...wish, id, digest, total, content, operator });
  if (isNew) await insertKeys(client, [{ subject: id, ...key }]);
  else if ((await readBankStatement(client, id))?.state === "booked" && !(await isRepeated()))
    refuse("already_exists", "This very file has been booked before.");
  return wish;
}

function accountOf({ accounts }: Ground, form: IncomingForm, { account }: IncomingStatement): OwnAccount {
  const own = ownAccount(accounts, account);
  const said = [account.bank, account.branch, account.number].filter((part) => part !== "").join("-");
  if (own === undefined)
    return wrong(`It is about the account ${said}, which is none of this institution's.`);
  if (own.form !== form)
    return wrong(
      `Entries of ${keyOf(own)} come as ${own.form} and not as ${form}: in two forms each would come twice.`,
    );
  return own;
}

function entriesOf(ground: Ground, form: IncomingForm, statement: IncomingStatement): Entry[] {
  const own = accountOf(ground, form, statement);
  const account = keyOf(own);
  return statement.incoming.map((one: Incoming) => {
    if (one.currency !== own.currency)
      wrong(`Line ${one.line} is in ${one.currency}, and the account ${account} in ${own.currency}.`);
    const { line, reference, day, currency, amount, takenBack, uncertain, remitter, text, from, to } = one;
    const of = { line, account, reference, day, currency, amount: String(amount), takenBack, uncertain };
    return { ...of, remitter, text, from, to };
  });
}

const idOf = ({ account, day, reference, takenBack }: Entry): string =>
  // The flag stands where no reference can: a bank may begin one with anything.
  idFrom(`arrival ${takenBack ? "taken back " : ""}${account} ${day} ${reference}`);

/** The bank's own reference names one entry for good. */
async function checkKnown(client: Client, entries: readonly Entry[]): Promise<number> {
  const known = await readArrivals(client, entries.map(idOf));
  for (const entry of entries) {
    const before = known.get(idOf(entry));
    if (before !== undefined && String(before.amount) !== entry.amount)
      wrong(
        `Line ${entry.line} has ${entry.amount} under the reference ${entry.reference} of ${entry.day}, under which ${before.amount} came before.`,
      );
  }
  return known.size;
}

/** Books what was looked at: what nobody has booked yet comes in from outside, and waits for its due. */
export async function bookStatement(
  ground: Ground,
  client: Client,
  wish: Pick<StatementWish, "statement" | "digest">,
  names: { operator: string; confirmedBy: string | null },
): Promise<StatementRow> {
  const { statement: id } = wish;
  const row = await readBankStatement(client, id, true);
  if (row === undefined || row.digest.toString("hex") !== wish.digest)
    return refuse("not_found", "What was read of it is kept no more: send the file anew.");
  if (row.state === "booked") return refuse("already_exists", "This very file has been booked before.");
  const key = (await readKeys(client, [id])).get(id);
  if (key === undefined) return refuse("not_found");
  const opened = ground.vault.open("bank_statements", id, key, { content: row.content });
  const entries = JSON.parse(opened.content ?? "[]") as Entry[];
  await checkKnown(client, entries);
  const sealed = entries.map((entry) => sealedEntry(ground, id, entry));
  const entered = await insertArrivals(
    client,
    sealed.map(({ row: one }) => one),
  );
  // A file that was booked at the same moment may say otherwise.
  await checkKnown(client, entries);
  await insertKeys(
    client,
    sealed
      .filter(({ row: one }) => entered.has(one.id))
      .map(({ row: one, key: own }) => ({ subject: one.id, ...own })),
  );
  const brought = sealed.map(({ row: one }) => one).filter(({ takenBack }) => !takenBack);
  const fresh = brought.filter((one) => entered.has(one.id));
  await bringIn(ground, client, fresh);
  const total = fresh.reduce((sum, { amount }) => sum + amount, 0n);
  await noteBooked(client, { id, known: brought.length - fresh.length, total, ...names });
  await dropKeys(client, [id]);
  return (await readBankStatement(client, id)) ?? refuse("not_found");
}

function sealedEntry({ vault }: Ground, statement: string, entry: Entry) {
  const id = idOf(entry);
  const { line, account, reference, day, currency, takenBack, uncertain } = entry;
  const { remitter, text, from, to } = entry;
  const told: Told = { remitter, text, from, to };
  const { key, sealed } = vault.seal("arrivals", id, { details: JSON.stringify(told) });
  const amount = BigInt(entry.amount);
  const why = takenBack ? "taken_back" : uncertain ? "uncertain" : null;
  const row: NewArrival = {
    id,
    command: uuidv7(),
    statement,
    line,
    account,
    reference,
    day,
    currency,
    amount,
    takenBack,
    state: why === null ? "new" : "waiting",
    why,
    rest: takenBack ? 0n : amount,
    details: sealed.details ?? Buffer.alloc(0),
  };
  return { row, key };
}

/** Each by a transfer of its own, under an id that nobody could have used before. */
async function bringIn({ house }: Ground, client: Client, rows: readonly NewArrival[]): Promise<void> {
  if (rows.length === 0) return;
  const accounts = new Set(
    rows.flatMap(({ currency }) => [house("outside", currency), house("arrivals", currency)]),
  );
  const books = await openBooks(client, { accounts, holds: [] });
  const now = await readClock(client);
  for (const { command: id, currency, amount } of rows) {
    const [from, to] = [house("outside", currency), house("arrivals", currency)];
    const posted = books.post({ do: "transfer", id, from, to, currency, amount }, now);
    if ("refused" in posted) throw new Error(`What has arrived cannot come in: ${posted.refused}.`);
  }
  await Promise.all(writeSealed(client, books, now));
}

/** Days for which a file that nobody confirms is kept, and what is known of who has paid. */
const keptDays = { asked: 7, details: 400 } as const;
const forgottenAtOnce = 500;

/** Forgets what nobody needs any more. */
export async function forgetOld(client: Client): Promise<number> {
  const asked = await dropAsked(client, keptDays.asked);
  const old = await forgetDetails(client, keptDays.details, forgottenAtOnce);
  await dropKeys(client, [...asked, ...old]);
  return asked.length + old.length;
}
