/** A forgotten password: a mail with a link, by which another one is chosen. */
import { problem, Refusal, refuse } from "../../core/protocol/protocol.ts";
import {
  endSessionsOf,
  type LoginRow,
  loginsAt,
  networkOf,
  normalEmail,
  readLogin,
  setPassword,
} from "../../storage/identity/identity.ts";
import { inTransaction } from "../../engines/engine/engine.ts";
import type { Client } from "../../storage/database/database.ts";
import { endYoungPasskeys, lockSignIn } from "../../storage/passkeys/passkeys.ts";
import * as members from "../../storage/members/members.ts";
import { readPartyLanguage } from "../../storage/parties/parties.ts";
import { joinShop } from "../../storage/team/team.ts";
import { isSame, lasting, type Profiles, writeLetter } from "./footing.ts";

const hourMs = 3_600_000;
/** Mails to one address, and asked for from one network, within an hour. */
const mailsPerAddress = 3;
const asksPerNetwork = 30;

export function refuseWithoutMails({ mails }: Pick<Profiles, "mails">): void {
  if (mails === "unsent")
    refuse("not_allowed", "This server sends no mails, so no password is reset by one.");
}

/**
 * Has a mail sent to whoever signs in with this address. Whether anybody does is looked up when the mail is written: here all
 * addresses cost the same. Refuses with too_many_requests, by where it comes from.
 */
export async function askReset(
  profiles: Profiles,
  wish: { email: string; from: string; language: members.PersonLanguage | undefined },
): Promise<void> {
  refuseWithoutMails(profiles);
  const { identity, database } = profiles;
  const email = normalEmail(wish.email);
  const names = [`reset from ${networkOf(wish.from)}`, `reset at ${email}`];
  const [asked = 0, mailed = 0] = await identity.tries.count(names, hourMs);
  if (asked > asksPerNetwork) refuse("too_many_requests", "Too many passwords were asked for from here.");
  if (mailed > mailsPerAddress) return;
  await inTransaction(database, (client) =>
    writeLetter(profiles, client, {
      subject: null,
      kind: "reset",
      email,
      language: wish.language ?? null,
      minutes: lasting.reset,
    }),
  );
}

const over = (): never =>
  refuse("not_found", "This link was used, has ended, or is none of ours. Ask for another one.");

/** The sign-in whose password a link resets, and its address. */
async function findReset(
  profiles: Profiles,
  token: string,
): Promise<{ login: LoginRow; email: string; invited: boolean }> {
  const { database, vault, tokens, identity } = profiles;
  const shown = tokens.readReset(token) ?? over();
  const [letter, login] = await Promise.all([
    members.readLetter(database, vault, shown.letter),
    readLogin(database, shown.login),
  ]);
  if (letter === undefined || login === undefined || login.closed) return over();
  const invited = letter.kind === "invited";
  if (letter.kind !== "reset" && !(invited && letter.subject === login.subject)) return over();
  if (!isSame(token, tokens.resetOf(letter.id, login))) return over();
  if (!identity.sealAddress(letter.email).address.equals(login.address)) return over();
  return login.kind === "operator" && !login.mayReset ? over() : { login, email: letter.email, invited };
}

/** Sets another password by the link in a mail: once, and every session ends. */
export async function resetPassword(profiles: Profiles, token: string, password: string): Promise<void> {
  const { database, identity } = profiles;
  const { login, email, invited } = await findReset(profiles, token);
  const to = await identity.hashPassword(email, password);
  if (to === login.passwordHash) refuseSame();
  await inTransaction(database, async (client) => {
    const { id, subject, kind, working } = login;
    await members.lockPerson(client, subject);
    // A passkey that is being made with the former password is there before, and goes, or comes later, and is refused.
    await lockSignIn(client, id);
    // Of two sign-ins with one address each has a password of its own, by which they are told apart.
    const others = await loginsAt(client, login.address);
    if (others.some(({ passwordHash }) => passwordHash === to)) refuseSame();
    // Who was invited has given nobody anything before that could be taken back.
    if (!(await setPassword(client, { login: id, from: login.passwordHash, to, held: !invited }))) over();
    if (working !== null) await joinShop(client, subject);
    await endSessionsOf(client, subject);
    // Whoever had the former password may have made them; the owner's own are older, and go on.
    await endYoungPasskeys(client, subject, 3);
    await dropAsked(profiles, client, subject);
    await members.insertProfileChange(client, {
      kind,
      subject,
      act: "changed",
      field: "password",
      role: "mail",
    });
    await writeLetter(profiles, client, {
      subject,
      kind: "password",
      email,
      language:
        working === null
          ? await members.readLanguage(client, subject)
          : await readPartyLanguage(client, working.shop),
      minutes: lasting.told,
    });
  });
}

export function refuseSame(): never {
  const errors = [{ pointer: "/password", message: "is the one that you have" }];
  throw new Refusal(problem("invalid_field", "Choose another password than the one you have.", { errors }));
}

/** What was asked for with the former password is not made any more; what was made can still be taken back. */
export async function dropAsked(
  { vault }: Pick<Profiles, "vault">,
  client: Client,
  subject: string,
): Promise<void> {
  const change = await members.lockEmailChange(client, vault, subject);
  if (change?.state === "asked") await members.dropEmailChange(client, subject);
}
