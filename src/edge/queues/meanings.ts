/** What stands in an act for somebody or something else: whose account an id is, and in which currency a bare limit is. */
import type { Client } from "../../storage/database/database.ts";
import {
  findMember,
  listMethods,
  readPeopleById,
  readPersonOfAccount,
} from "../../storage/members/members.ts";
import { readParties, readShopOfAccount } from "../../storage/parties/parties.ts";
import type { KeptAct } from "../operators/operators.ts";
import { type Language, say } from "../words/words.ts";

const texts = (values: readonly unknown[]): string[] =>
  values.filter((value) => typeof value === "string").map(String);

async function ownerOf(client: Client, account: string, lang: Language): Promise<string | undefined> {
  const shop = await readShopOfAccount(client, account);
  if (shop !== undefined) return (await readParties(client, [shop]))[0]?.name;
  const person = await readPersonOfAccount(client, account);
  const [row] = person === undefined ? [] : await readPeopleById(client, [person]);
  if (row === undefined) return undefined;
  const { number } = row;
  return number === null
    ? say("disputes.guest")(lang)
    : say("disputes.member", { number: String(number) })(lang);
}

/** Whose the accounts here are that an act names, by id. */
export async function ownersIn(
  client: Client,
  { act, subject, body }: KeptAct,
  lang: Language,
): Promise<Record<string, string>> {
  const { account: to } = (body["to"] ?? {}) as { account?: unknown };
  const passedOn = act === "money.pass-on" ? subject : undefined;
  const owners: Record<string, string> = {};
  for (const account of texts([body["account"], to, passedOn])) {
    const owner = await ownerOf(client, account, lang);
    if (owner !== undefined) owners[account] = `${owner} (${account})`;
  }
  return owners;
}

/** In which currency a credit line is whose limit an act sets, where the act does not say. */
export async function currencyOfLine(client: Client, { act, body }: KeptAct): Promise<string | null> {
  if (act !== "member.approve" && act !== "method.limit" && act !== "credit-line.limit") return null;
  const { number, id } = body;
  const member = typeof number === "string" ? await findMember(client, BigInt(number)) : undefined;
  if (member === undefined) return null;
  const methods = await listMethods(client, member.id);
  const line = methods.find((one) =>
    typeof id === "string" ? one.id === id : one.kind === "credit" && one.state === "pending",
  );
  return line?.currency ?? null;
}
