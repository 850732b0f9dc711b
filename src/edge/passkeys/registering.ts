/**
 * Passkeys of a sign-in: made and taken away by whoever proves that it is theirs, by another passkey or by the password, which a
 * session alone is not. Each is told by mail and stands in the record.
 */
import { refuse } from "../../core/protocol/protocol.ts";
import { inTransaction } from "../../engines/engine/engine.ts";
import { type Client, uuidv7 } from "../../storage/database/database.ts";
import { type Caller, isHeld, signerOf } from "../../storage/identity/identity.ts";
import * as members from "../../storage/members/members.ts";
import {
  endPasskey,
  insertPasskey,
  listPasskeys,
  lockSignIn,
  passkeysOf,
  renamePasskey,
  standingOf,
} from "../../storage/passkeys/passkeys.ts";
import { readPartyLanguage } from "../../storage/parties/parties.ts";
import type { CreationOptions, Moments, ProvenAct, Registration, Shown } from "../moments/moments.ts";
import { knownEmail, lasting, type Profiles, writeLetter } from "../profiles/profiles.ts";

export interface Passkeys {
  profiles: Profiles;
  moments: Moments;
  /** What people are told whose server it is. */
  name: string;
}

const mostOfOne = 20;

/** Keys have no passkeys: they are no people. */
function signedIn(caller: Caller): string {
  if (caller.credential.kind === "session") return caller.credential.id;
  return refuse("not_allowed", "Only who has signed in has passkeys.");
}

export const toAdd: ProvenAct = { act: "passkey.add", of: "new" };
export const toRemove = (id: string): ProvenAct => ({ act: "passkey.remove", of: id });

async function refuseNew(client: Client, caller: Caller): Promise<void> {
  if (await isHeld(client, signerOf(caller)))
    refuse(
      "sign_in_changed_lately",
      "What you sign in with was changed within three days; until then no passkey is added to it.",
    );
  if ((await passkeysOf(client, caller.credential.id)).length >= mostOfOne)
    refuse("not_allowed", `A sign-in has ${mostOfOne} passkeys at the most; take one away first.`);
}

/** Where they are told: the address that is known here, or, of operators, the one that they sign in with. */
async function mailOf(
  { profiles }: Passkeys,
  caller: Caller,
  email: string | undefined,
): Promise<string | undefined> {
  const known = await knownEmail(profiles, caller);
  if (known !== undefined || caller.kind !== "operator") return known;
  if (email !== undefined && (await profiles.identity.signsInWith(caller.id, email))) return email;
  return refuse("invalid_field", "Say the e-mail address with which you sign in.", {
    errors: [{ pointer: "/email", message: "is missing, or is another" }],
  });
}

/** What a browser makes a passkey of, for whoever has proved who they are. */
export async function beginPasskey(room: Passkeys, caller: Caller, shown: Shown): Promise<CreationOptions> {
  signedIn(caller);
  const { profiles, moments, name } = room;
  if (moments.party === undefined) return refuse("not_allowed", "This server has no passkeys.");
  await refuseNew(profiles.database, caller);
  await mailOf(room, caller, shown.email);
  const by = await moments.prove(caller, toAdd, shown, { key: undefined, either: true });
  const called = caller.name ?? name;
  return moments.creation(caller, by, { name: called, shown: `${name} ${called}` });
}

/** Enters the passkey that was made. */
export async function addPasskey(
  room: Passkeys,
  caller: Caller,
  wish: { name: string; email?: string | undefined; response: Registration },
): Promise<string> {
  const login = signedIn(caller);
  const { profiles, moments } = room;
  const email = await mailOf(room, caller, wish.email);
  const { made, by } = await moments.registered(caller, wish.response);
  const id = uuidv7();
  await inTransaction(profiles.database, async (client) => {
    await members.lockPerson(client, signerOf(caller));
    await lockSignIn(client, login);
    await refuseNew(client, caller);
    const { proving, young, waits } = await standingOf(client, login);
    const beside = proving.length > 0 || young || waits;
    const { name } = wish;
    const entered = {
      ...made,
      id,
      login,
      subject: signerOf(caller),
      name,
      waits: by === "password" && beside,
    };
    if (!(await insertPasskey(client, profiles.vault, entered)))
      refuse("already_exists", "This passkey is registered already.");
    await tell(room, client, caller, email);
  });
  return id;
}

/** Takes a passkey away. By the password, what else there is proves nothing in its place for three days. */
export async function removePasskey(room: Passkeys, caller: Caller, id: string, shown: Shown): Promise<void> {
  const login = signedIn(caller);
  const { profiles, moments } = room;
  if (!(await passkeysOf(profiles.database, login)).some((each) => each.id === id)) refuse("not_found");
  const email = await mailOf(room, caller, shown.email);
  const by = await moments.prove(caller, toRemove(id), shown, { key: undefined, either: true });
  await inTransaction(profiles.database, async (client) => {
    await members.lockPerson(client, signerOf(caller));
    await lockSignIn(client, login);
    if (!(await endPasskey(client, { id, login, by }))) refuse("not_found");
    await tell(room, client, caller, email);
  });
}

/** Calls it otherwise: a name proves nothing, and its owner alone reads it. */
export async function callPasskey(
  { profiles }: Passkeys,
  caller: Caller,
  id: string,
  name: string,
): Promise<void> {
  const login = signedIn(caller);
  const done = await profiles.database.transaction(async (client) => {
    await lockSignIn(client, login);
    return renamePasskey(client, profiles.vault, { id, login, name });
  });
  if (!done) refuse("not_found");
}

export function ownPasskeys({ profiles: { database, vault } }: Passkeys, caller: Caller) {
  return listPasskeys(database, vault, signedIn(caller));
}

async function tell(
  { profiles }: Passkeys,
  client: Client,
  caller: Caller,
  email: string | undefined,
): Promise<void> {
  const { id, kind } = caller;
  const subject = signerOf(caller);
  const change = { kind, subject, act: "changed", field: "passkey", role: "self" } as const;
  await members.insertProfileChange(client, change);
  if (email === undefined) return;
  const language =
    kind === "member" ? await members.readLanguage(client, subject) : await readPartyLanguage(client, id);
  await writeLetter(profiles, client, { subject, kind: "passkey", email, language, minutes: lasting.told });
}
