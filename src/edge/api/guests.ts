/** Guests (一時利用, paragraphs 0054 and 0064): the same data as a member, no account, one trade. */
import type { Static } from "typebox";
import { idFrom, readClock, uuidv7 } from "../../storage/database/database.ts";
import { openAccounts } from "../../storage/ledger/ledger.ts";
import * as members from "../../storage/members/members.ts";
import { katakana, refuse } from "../../core/protocol/protocol.ts";
import type { enteringGuestSchema } from "../../core/protocol/schemas.ts";
import { strayGuests, waitsForMeans } from "../../engines/trades/trades.ts";
import { checkBirthDate, checkCurrency, type Context } from "./context.ts";

export type GuestWish = Static<typeof enteringGuestSchema>;

/**
 * Enters a guest, whose address is confirmed, with the one means they pay by, and answers the person's id. With a key, the
 * same guest is found again when the request is repeated by the same browser, which is `contact`.
 */
export async function registerGuest(
  context: Context,
  contact: string,
  wish: GuestWish,
  key: string | undefined,
): Promise<string> {
  const { method } = wish;
  checkCurrency(context, method.currency);
  if (method.kind === "credit") refuse("method_not_usable", "Credit is for members.");
  const place = await context.elsewhere?.guestAccount(method);
  const id = key === undefined ? uuidv7() : idFrom(`guest ${contact} ${key}`);
  await context.database.transaction(async (client) => {
    await members.lockRegistration(client, id);
    const [known] = await members.readPeopleById(client, [id]);
    if (known !== undefined) return;
    const now = await readClock(client);
    checkBirthDate(context, wish.birthDate, now);
    await place?.tie(client);
    const account = place?.account ?? (await accountFor(client, wish));
    const entry = {
      id: uuidv7(),
      kind: method.kind,
      currency: method.currency,
      account,
      state: "active" as const,
    };
    const { name, address, birthDate } = wish;
    const kana = katakana(wish.kana ?? "") ?? null;
    const { email = null, phone = null } = wish.contact;
    const token = method.kind === "prepaid" ? null : (method.token ?? null);
    const guest = { id, name, kana, address, birthDate, email, phone, method: { ...entry, token } };
    await members.insertGuests(client, context.vault, [guest], now);
  });
  return id;
}

/** How many codes a guest can name for one trade, one after the other. */
const mostCodes = 20;

/**
 * Gives a guest, of whose money nothing is frozen, another code to pay with, and answers the id of that means. The one before
 * pays nothing new. With a key, the same means is found again; where it is not, and the trade waits for none any more, nothing is
 * changed of what may be frozen by now.
 */
export async function nameAnotherCode(
  context: Context,
  guest: string,
  {
    number,
    currency,
    code,
    key,
  }: { number: string; currency: string; code: string; key: string | undefined },
): Promise<string> {
  const { database } = context;
  const id = key === undefined ? uuidv7() : idFrom(`code ${guest} ${key}`);
  const known = await members.listMethods(database, guest);
  if (known.some((method) => method.id === id)) return id;
  if (known.length >= mostCodes) refuse("too_many_requests");
  const wish = { method: { kind: "prepaid" as const, currency, token: code } };
  const place = await context.elsewhere?.guestAccount(wish.method);
  await database.transaction(async (client) => {
    await members.lockRegistration(client, guest);
    // The trade first, as in every batch: what it stands at now is what it stands at until this is done.
    const isOpen = await waitsForMeans(client, BigInt(number));
    const before = await members.lockMethods(client, guest);
    if (before.some((method) => method.id === id)) return;
    if (!isOpen) refuse("trade_changed");
    await place?.tie(client);
    const account = place?.account ?? (await accountFor(client, wish));
    for (const method of before) await members.closeMethod(client, method.id);
    const entry = { id, person: guest, kind: "prepaid", currency, account, state: "active" } as const;
    await members.insertMethod(client, { ...entry, token: null, wishedLimit: null });
  });
  return id;
}

/** A guest spends a voucher by its code; other means get an account of their own, into which money is paid. */
async function accountFor(
  client: Parameters<typeof openAccounts>[0],
  { method }: Pick<GuestWish, "method">,
): Promise<string> {
  if (method.kind === "prepaid" && method.token !== undefined) {
    const [voucher] = await members.readVouchers(client, [method.token]);
    if (voucher === undefined || voucher.claimedBy !== null)
      refuse("method_not_usable", "This code cannot be used.");
    if (voucher.currency !== method.currency) refuse("currency_mismatch");
    return voucher.account;
  }
  const id = uuidv7();
  await openAccounts(client, [{ id, kind: method.kind, currency: method.currency, floor: 0n }]);
  return id;
}

/**
 * Erases guests who were entered for a trade that never came to be, and addresses with which nobody went on; answers how
 * many those guests were.
 */
export async function eraseStrayGuests({ database }: Pick<Context, "database">): Promise<number> {
  await members.forgetContacts(database);
  await members.forgetLetters(database);
  await members.forgetAdmissions(database);
  return members.erasePeople(database, await strayGuests(database), await readClock(database));
}
