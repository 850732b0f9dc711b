/**
 * A member's e-mail address, by which they sign in. It is another one when that was proven by a code, and the former one can
 * take it back for three days: with the password of before at once, without it so that everything stops until operators have
 * settled it. So neither a thief of the password nor one of the mailbox wins alone.
 */
import { refuse, type Refused } from "../../core/protocol/protocol.ts";
import { inTransaction } from "../../engines/engine/engine.ts";
import { type Client, uuidv7 } from "../../storage/database/database.ts";
import {
  attemptsWindowMs,
  type Caller,
  closeLogins,
  endOtherSessions,
  endSessionsOf,
  type LoginRow,
  moveLogin,
  normalEmail,
  readLogin,
  secretHash,
} from "../../storage/identity/identity.ts";
import { endYoungPasskeys } from "../../storage/passkeys/passkeys.ts";
import * as members from "../../storage/members/members.ts";
import { isSame, lasting, type Profiles, writeLetter } from "./footing.ts";
import { type By, provenLogin } from "./own-changes.ts";
import { refuseWithoutMails } from "./resets.ts";

const hourMs = 3_600_000;
const asksPerHour = 5;
const triesPerCode = 5;
const triesToTakeBack = 10;

/** Sends a code to the address at which a member wants to be reached. */
export async function wishEmail(
  profiles: Profiles,
  caller: Caller,
  wish: { email: string; password: string },
): Promise<void> {
  refuseWithoutMails(profiles);
  const { identity, database, vault } = profiles;
  const { login, email: known } = await provenLogin(profiles, caller, { password: wish.password });
  const email = wish.email.trim();
  if (login.fresh)
    refuse("sign_in_changed_lately", "Your password or address was changed within three days; wait for it.");
  if (normalEmail(known) === normalEmail(email))
    refuse("invalid_field", "This is the address that you have.", {
      errors: [{ pointer: "/email", message: "is the one that you have" }],
    });
  const [asked = 0] = await identity.tries.count([`addresses of ${caller.id}`], hourMs);
  if (asked > asksPerHour) refuse("too_many_requests", "Too many codes were asked for within the hour.");
  // Under the new address the same password has another hash, and nobody can make it later.
  const passwordHash = await identity.hashPassword(email, wish.password);
  await inTransaction(database, async (client) => {
    await members.lockPerson(client, caller.id);
    const id = uuidv7();
    await members.writeEmailChange(client, vault, {
      id,
      person: caller.id,
      state: "asked",
      login: login.id,
      email,
      passwordHash,
      address: null,
      mailbox: null,
      byOperator: false,
      minutes: lasting.confirm,
    });
    await note(client, caller.id, "asked", { role: "self" });
    const language = await members.readLanguage(client, caller.id);
    const letter = { subject: caller.id, kind: "confirm", email, language, about: id } as const;
    await writeLetter(profiles, client, { ...letter, minutes: lasting.confirm });
  });
}

function note(
  client: Client,
  subject: string,
  act: members.ProfileChangeRow["act"],
  by: By | { role: "mail" },
): Promise<void> {
  return members.insertProfileChange(client, { kind: "member", subject, act, field: "email", ...by });
}

/** Takes the code that was sent to the new address: from then on it is the member's. `session` goes on, all others end. */
export async function confirmEmail(
  profiles: Profiles,
  caller: Caller,
  code: string,
  session: string | undefined,
): Promise<void> {
  const { database, vault, tokens } = profiles;
  const refused = await inTransaction(database, async (client): Promise<Refused | undefined> => {
    await members.lockPerson(client, caller.id);
    const change = await members.lockEmailChange(client, vault, caller.id);
    if (change?.state !== "asked" || change.byOperator || change.over)
      return { refused: "email_code_invalid" };
    if (change.wrong >= triesPerCode)
      return { refused: "too_many_requests", detail: "Too many wrong codes. Have another one sent." };
    if (!isSame(code, tokens.codeOf(change.id))) {
      // Counted within the transaction, so that no number of guesses at once is more than the limit.
      await members.countWrongEmailCode(client, change.id);
      return { refused: "email_code_invalid" };
    }
    const login = await readLogin(client, change.login ?? "");
    const { passwordHash, email } = change;
    if (login === undefined || login.closed || passwordHash === null)
      return { refused: "email_code_invalid" };
    await moveEmail(profiles, client, { person: caller.id, login, email, passwordHash }, { role: "self" });
    await endOtherSessions(client, login.id, session === undefined ? undefined : secretHash(session));
    return undefined;
  });
  if (refused !== undefined) refuse(refused.refused, refused.detail);
}

interface Move {
  person: string;
  login: LoginRow;
  email: string;
  passwordHash: string;
}

/** Moves a person to another address; keeps the former one for three days, and tells it, unless that was settled before. */
export async function moveEmail(
  profiles: Profiles,
  client: Client,
  { person, login, email, passwordHash }: Move,
  by: By,
): Promise<void> {
  const { identity, vault } = profiles;
  const before = await members.readPersonalData(client, vault, person);
  if (before === undefined) return refuse("not_found");
  const place = identity.sealAddress(email);
  if (!(await moveLogin(client, { login: login.id, ...place, passwordHash, held: true })))
    refuse("already_exists", "Change your password first.");
  await members.changePerson(client, vault, person, { email });
  await members.dropEmailChange(client, person);
  await note(client, person, "changed", by);
  if (before.email === null) return;
  const letter = {
    subject: person,
    email: before.email,
    language: await members.readLanguage(client, person),
  };
  if (login.closed) {
    await writeLetter(profiles, client, { ...letter, kind: "profile", minutes: lasting.told });
    return;
  }
  const id = uuidv7();
  await members.writeEmailChange(client, vault, {
    id,
    person,
    state: "made",
    login: login.id,
    email: before.email,
    passwordHash: login.passwordHash,
    address: login.address,
    mailbox: login.mailbox,
    byOperator: by.role === "operator",
    minutes: lasting.back,
  });
  await writeLetter(profiles, client, { ...letter, kind: "moved", about: id, minutes: lasting.back });
}

/** The change that a link to the former address takes back. Refuses with not_found. */
async function findMade(profiles: Profiles, token: string): Promise<members.EmailChange> {
  const id = profiles.tokens.readBack(token);
  const change =
    id === undefined ? undefined : await members.readEmailChange(profiles.database, profiles.vault, id);
  if (change?.state === "made" && !change.over) return change;
  return refuse("not_found", "This link was used, has ended, or is none of ours.");
}

/**
 * Whoever reads the former address takes the change back with the password of before; without it they stop the sign-in, and
 * operators settle whose it is.
 */
export async function takeBackEmail(
  profiles: Profiles,
  token: string,
  password: string | undefined,
): Promise<void> {
  const { database, identity, vault } = profiles;
  const seen = await findMade(profiles, token);
  if (password !== undefined) await proveFormer(identity, seen, password);
  await inTransaction(database, async (client) => {
    await members.lockPerson(client, seen.person);
    const change = await members.lockEmailChange(client, vault, seen.person);
    if (change?.id !== seen.id || change.over) return refuse("not_found");
    await endSessionsOf(client, change.person);
    if (password === undefined) {
      await closeLogins(client, change.person);
      return note(client, change.person, "stopped", { role: "mail" });
    }
    return takeBack(profiles, client, change);
  });
}

async function proveFormer(
  identity: Profiles["identity"],
  { id, email, passwordHash }: members.EmailChange,
  password: string,
): Promise<void> {
  const name = `taking back ${id}`;
  const [count = 0] = await identity.tries.count([name], attemptsWindowMs);
  if (count > triesToTakeBack) refuse("too_many_requests", "Too many wrong passwords; try again later.");
  if ((await identity.hashKnown(email, password)) !== passwordHash) refuse("password_wrong");
  await identity.tries.giveBack([name]);
}

async function takeBack(
  { vault }: Pick<Profiles, "vault">,
  client: Client,
  { person, login, email, address, mailbox, passwordHash }: members.EmailChange,
): Promise<void> {
  if (login === null || address === null || passwordHash === null) return refuse("not_found");
  if (!(await moveLogin(client, { login, address, mailbox, passwordHash, held: false })))
    refuse("already_exists");
  await members.changePerson(client, vault, person, { email });
  await members.dropEmailChange(client, person);
  // Whoever moved it had the password, and may have made them before that.
  await endYoungPasskeys(client, person, 6);
  await note(client, person, "taken back", { role: "mail" });
}
