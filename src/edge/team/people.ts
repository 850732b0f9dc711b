/**
 * The people of a shop: invited by mail, given a role, removed. An owner does it, signed in just now and with a proof of the
 * moment; what they may is looked at once more under the lock, so that of two who remove each other one is first.
 */
import { refuse } from "../../core/protocol/protocol.ts";
import type { Effect } from "../../engines/engine/engine.ts";
import { type Client, randomToken, uuidv7 } from "../../storage/database/database.ts";
import {
  type Caller,
  closeLogins,
  endSessionsOf,
  loginsOf,
  normalEmail,
  setPassword,
  type ShopRole,
} from "../../storage/identity/identity.ts";
import { dropLetters, insertProfileChange } from "../../storage/members/members.ts";
import { endPasskeysOf } from "../../storage/passkeys/passkeys.ts";
import { readPartyLanguage } from "../../storage/parties/parties.ts";
import {
  countTeam,
  insertShopPerson,
  lockTeam,
  readShopPerson,
  removeShopPerson,
  roleOf,
  setShopRole,
  type ShopPersonRow,
} from "../../storage/team/team.ts";
import type { PageContext } from "../pages/pages.ts";
import { lasting, refuseWithoutMails, writeLetter } from "../profiles/profiles.ts";

export type Team = Pick<PageContext, "database" | "vault" | "identity" | "profiles" | "tell">;

const hourMs = 3_600_000;
const mostOfShop = 100;
/** Within an hour: mails that a shop has sent to strangers, and that go to one address, whichever shop asks. */
const invitationsOfShop = 30;
const invitationsPerAddress = 3;

export interface Invitation {
  name: string;
  email: string;
  role: ShopRole;
}

export const personView = ({ id, name, email, role, state, createdAt }: ShopPersonRow) => ({
  id,
  name,
  email: email ?? "",
  role,
  state: state === "invited" ? ("invited" as const) : ("active" as const),
  createdAt: createdAt.toISOString(),
});

const hidden = "＊＊＊";
const masked = (text: string): string =>
  text
    .split("@")
    .map((part) => `${Array.from(part.trim())[0] ?? ""}${hidden}`)
    .join("@");

/** What an operator sees, who compares it with what a caller says. */
export function maskedView(row: ShopPersonRow) {
  const view = personView(row);
  return { ...view, name: masked(view.name), email: masked(view.email) };
}

/** Whoever was an owner when they asked may be none any more, or gone. */
async function refuseUnlessOwner(client: Client, { id, person }: Caller): Promise<void> {
  if (person === undefined || (await roleOf(client, id, person.id)) === "owner") return;
  refuse("not_allowed", "You are no owner of the shop any more.");
}

/** Counts before anything is known: mails go to people who have not asked for them. */
export async function countInvitation({ identity }: Team, shop: string, email: string): Promise<void> {
  const names = [`invitations of ${shop}`, `invited at ${normalEmail(email)}`];
  const [ofShop = 0, toAddress = 0] = await identity.tries.count(names, hourMs);
  if (ofShop > invitationsOfShop || toAddress > invitationsPerAddress)
    refuse("too_many_requests", "Too many invitations within the hour; try again later.");
}

/** Enters somebody, with a sign-in that no password opens, and sends them the way to one. */
export async function invite(
  team: Team,
  client: Client,
  caller: Caller,
  { name, email, role }: Invitation,
): Promise<Effect> {
  const { identity, vault, profiles } = team;
  refuseWithoutMails(profiles);
  const shop = caller.id;
  await lockTeam(client, shop);
  await refuseUnlessOwner(client, caller);
  if ((await countTeam(client, shop, null)).people >= mostOfShop)
    refuse("not_allowed", `A shop has ${mostOfShop} people at the most.`);
  const id = uuidv7();
  const address = email.trim();
  const { mailbox } = identity.sealAddress(address);
  // It tells of this shop's own people and of nobody else: whoever signs in elsewhere with the address has another sign-in.
  if (!(await insertShopPerson(client, vault, { id, shop, role, name, email: address, mailbox })))
    refuse("already_exists", "Somebody with this address works at the shop.");
  const passwordHash = `none ${randomToken(16)}`;
  await identity.createLogin(client, { email: address, passwordHash, subjectKind: "shop", subject: id });
  const language = await readPartyLanguage(client, shop);
  await writeLetter(profiles, client, {
    subject: id,
    kind: "invited",
    email: address,
    language,
    minutes: lasting.back,
  });
  await team.tell(client, "team", shop);
  // The first answer to a key is kept: nothing personal stands in it.
  return { status: 201, body: { id, role, state: "invited" } };
}

/** Counts before a letter is written once more, as for the first one: it goes to the same mailbox. */
export async function countAgain(
  team: Team,
  { shop, person: id }: { shop: string; person: string },
): Promise<void> {
  const person = await readShopPerson(team.database, team.vault, { shop, id });
  if (person === undefined || person.email === null) return refuse("not_found");
  return countInvitation(team, shop, person.email);
}

/** Sends whoever has chosen no password yet another way to one; the way of before ends with it. */
export async function inviteAgain(team: Team, client: Client, caller: Caller, id: string): Promise<Effect> {
  const { profiles } = team;
  refuseWithoutMails(profiles);
  const { email, state } = await changed(team, client, caller, id);
  const logins = await loginsOf(client, id);
  // Every link is bound to what opens the sign-in: with another word that nobody knows, the links of before open nothing.
  const ended = await Promise.all(
    logins.map(({ id: login, passwordHash }) =>
      setPassword(client, { login, from: passwordHash, to: `none ${randomToken(16)}`, held: false }),
    ),
  );
  if (state !== "invited" || ended.length === 0 || ended.includes(false))
    refuse("not_allowed", "They have joined already: a forgotten password is theirs to reset.");
  await dropLetters(client, id, "invited");
  const language = await readPartyLanguage(client, caller.id);
  await writeLetter(profiles, client, {
    subject: id,
    kind: "invited",
    email,
    language,
    minutes: lasting.back,
  });
  await team.tell(client, "team", caller.id);
  return { status: 202, body: { sent: true } };
}

/** The person whom an owner changes, under the lock. */
async function changed(
  { vault }: Team,
  client: Client,
  caller: Caller,
  id: string,
): Promise<ShopPersonRow & { email: string }> {
  const shop = caller.id;
  await lockTeam(client, shop);
  await refuseUnlessOwner(client, caller);
  const person = await readShopPerson(client, vault, { shop, id });
  if (person === undefined || person.email === null) return refuse("not_found");
  return { ...person, email: person.email };
}

/** Somebody stays who can say who works there: another owner who has joined, or the shop's own sign-in. */
async function refuseLastOwner(client: Client, { shop, id, role }: ShopPersonRow): Promise<void> {
  if (role !== "owner") return;
  if ((await countTeam(client, shop, id)).owners > 0) return;
  if ((await loginsOf(client, shop)).some(({ closed }) => !closed)) return;
  refuse("not_allowed", "The last owner stays. Make somebody else an owner first.");
}

/** Tells the shop, and the person. */
async function tellTeam(team: Team, client: Client, { shop, id, email }: ShopPersonRow): Promise<void> {
  await team.tell(client, "team", shop);
  if (email === null) return;
  const language = await readPartyLanguage(client, shop);
  await writeLetter(team.profiles, client, {
    subject: id,
    kind: "team",
    email,
    language,
    minutes: lasting.told,
  });
}

/** Gives somebody another role. It holds for their next request, whatever session that comes from. */
export async function changeRole(
  team: Team,
  client: Client,
  caller: Caller,
  { id, role }: { id: string; role: ShopRole },
): Promise<Effect> {
  const person = await changed(team, client, caller, id);
  if (person.role !== role) {
    await refuseLastOwner(client, person);
    await setShopRole(client, id, role);
    await tellTeam(team, client, person);
  }
  return { status: 200, body: personView({ ...person, role }) };
}

/** Removes somebody: their sessions end at once, and neither password nor passkey opens anything. */
export async function removePerson(team: Team, client: Client, caller: Caller, id: string): Promise<Effect> {
  const person = await changed(team, client, caller, id);
  await refuseLastOwner(client, person);
  await closeLogins(client, id);
  await endSessionsOf(client, id);
  await endPasskeysOf(client, id, "erased");
  await removeShopPerson(client, id);
  await tellTeam(team, client, person);
  return { status: 204, body: {} };
}

/** Two operators: sessions and passkeys of somebody end, and a mail leads them to a new password. */
export async function resetPerson(
  team: Team,
  client: Client,
  { shop, person: id }: { shop: string; person: string },
  { operator, confirmedBy }: { operator: string; confirmedBy: string | null },
): Promise<Effect & { tells: string }> {
  refuseWithoutMails(team.profiles);
  await lockTeam(client, shop);
  const person = await readShopPerson(client, team.vault, { shop, id });
  if (person === undefined || person.email === null) return refuse("not_found");
  await endSessionsOf(client, id);
  await endPasskeysOf(client, id, "operator");
  // The password may be what was stolen: with the passkeys gone it would prove more than before.
  for (const { id: login, passwordHash } of await loginsOf(client, id))
    await setPassword(client, { login, from: passwordHash, to: `none ${randomToken(16)}`, held: true });
  await insertProfileChange(client, {
    kind: "shop",
    subject: id,
    act: "asked",
    field: "password",
    role: "operator",
    operator,
    confirmedBy,
  });
  const language = await readPartyLanguage(client, shop);
  await writeLetter(team.profiles, client, {
    subject: id,
    kind: "reset",
    email: person.email,
    language,
    minutes: lasting.reset,
  });
  await team.tell(client, "team", shop);
  return { status: 202, body: { sent: true }, tells: shop };
}
