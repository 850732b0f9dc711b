/**
 * The facilitator's part of the demo: its shops, carriers, operators and members, whose accounts are at an institution
 * that has already agreed to everything. Written in one transaction and only once.
 */
import { type Client, idFrom, openDatabase, readClock, uuidv7 } from "../../storage/database/database.ts";
import { openIdentity, openServerSecret } from "../../storage/identity/identity.ts";
import { openKeyring } from "../../storage/keyring/keyring.ts";
import * as members from "../../storage/members/members.ts";
import { readOperator } from "../../storage/parties/parties.ts";
import type { MethodKind } from "../../core/protocol/schemas.ts";
import { enter, type Ground } from "../../edge/api/api.ts";
import { enterTied, feeAccount } from "../../edge/ties/ties.ts";
import type { FacilitatorOptions } from "../../servers/facilitator/facilitator.ts";
import { drawSignIn, type PartiesDemo, seedCarrier, seedOperators, seedTiedShops } from "./party-seed.ts";
import type { Payees } from "./tie-seed.ts";
import { mandatedTerms, mandateLimit } from "./member-seed.ts";

/** What an institution has agreed to for this server: consents by what they are for. */
export interface SeededTies extends Payees {
  /** The id of the institution. */
  institution: string;
  members: { name: string; email: string; kind: MethodKind; consent: string; available: number }[];
  load: { consent: string; available: number }[];
}

export interface FacilitatorDemo extends PartiesDemo {
  members: {
    number: string;
    email: string;
    password: string;
    currency: string;
    mandates: Record<string, string>;
    methods: { id: string; kind: MethodKind; available: number }[];
  }[];
  loadMembers: Omit<FacilitatorDemo["members"][number], "email" | "password">[];
}

const currency = "JPY";
const demoOperator = idFrom("operator of the facilitator's demo");

/** Makes the demo's people in a migrated database; undefined where they are there already. */
export async function seedFacilitator(
  options: Pick<FacilitatorOptions, "url" | "schema" | "role" | "settings" | "personalDataKeys">,
  ties: SeededTies,
): Promise<FacilitatorDemo | undefined> {
  const { settings, personalDataKeys, ...where } = options;
  const database = openDatabase({ ...where, keyed: true });
  try {
    if ((await readOperator(database, demoOperator)) !== undefined) return undefined;
    const keyring = openKeyring(personalDataKeys);
    const secret = await openServerSecret(database, keyring);
    const identity = openIdentity({ database, secret });
    const vault = members.openVault(keyring);
    return await seed({ database, identity, vault, settings }, ties);
  } finally {
    await database.close();
  }
}

async function seed(ground: Ground, ties: SeededTies): Promise<FacilitatorDemo> {
  const operator = await drawSignIn(ground, "operator@example.com");
  // Who decides where the first has acted for one side.
  const second = await drawSignIn(ground, "operator2@example.com");
  const carrier = await drawSignIn(ground, "carrier@example.com");
  const signIns = await Promise.all(ties.members.map(({ email }) => drawSignIn(ground, email)));
  return ground.database.transaction(async (client) => {
    const desk = await seedOperators(ground, client, demoOperator, [operator, second]);
    const shops = await seedTiedShops(ground, client, ties, feeAccount);
    const people: FacilitatorDemo["members"] = [];
    for (const [index, tied] of ties.members.entries()) {
      const signIn = signIns[index] ?? signIns[0];
      if (signIn === undefined) throw new Error("A member of the demo has no sign-in.");
      const { person, member } = await seedMember(ground, client, ties.institution, tied, shops);
      await ground.identity.createLogin(client, {
        email: signIn.email,
        passwordHash: signIn.passwordHash,
        subjectKind: "member",
        subject: person,
      });
      people.push({ ...member, email: signIn.email, password: signIn.password });
    }
    // Sent without waiting in between: the connection takes them in order, and a cold start is as much shorter.
    const loadMembers = await Promise.all(
      ties.load.map(async (load, index) => {
        const tied = { ...load, name: `Load member ${index + 1}`, email: `load${index + 1}@example.com` };
        const wish = { ...tied, kind: "deposit" as const };
        return (await seedMember(ground, client, ties.institution, wish, shops.slice(0, 1))).member;
      }),
    );
    return {
      ...desk,
      shops,
      members: people,
      carriers: [await seedCarrier(ground, client, carrier)],
      loadMembers,
    };
  });
}

async function seedMember(
  { vault }: Ground,
  client: Client,
  institution: string,
  tied: SeededTies["members"][number],
  shops: FacilitatorDemo["shops"],
): Promise<{ person: string; member: FacilitatorDemo["loadMembers"][number] }> {
  const { name, email, kind, consent, available } = tied;
  const person = uuidv7();
  const number = await enter(client, vault, {
    id: person,
    state: "active",
    name,
    kana: null,
    address: "1-1 Chiyoda, Tokyo",
    birthDate: "1990-04-01",
    email,
    phone: null,
  });
  const method = await enterTied(client, person, { institution, kind, currency }, consent);
  const until = await readClock(client);
  until.setUTCFullYear(until.getUTCFullYear() + 5);
  const given = shops.map(({ id: shop, key }) => ({
    key,
    mandate: {
      id: uuidv7(),
      person,
      shop,
      currency,
      limit: mandateLimit(BigInt(available)),
      until,
      method: null,
    },
  }));
  await members.insertMandates(
    client,
    given.map(({ mandate }) => mandate),
    ["buyer", "recipient", "carrier", "shop"],
    mandatedTerms,
  );
  const mandates = Object.fromEntries(given.map(({ key, mandate }) => [key, mandate.id]));
  const methods = [{ id: method, kind, available }];
  return { person, member: { number: String(number), currency, mandates, methods } };
}
