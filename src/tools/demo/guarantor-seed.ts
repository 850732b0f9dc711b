/**
 * The guarantor's part of the demo: members with credit lines, for whom it stands, and shops that an institution pays
 * once the members have paid there. Written in one transaction and only once.
 */
import { idFrom, openDatabase } from "../../storage/database/database.ts";
import { openIdentity, openServerSecret } from "../../storage/identity/identity.ts";
import { openKeyring } from "../../storage/keyring/keyring.ts";
import { openVault } from "../../storage/members/members.ts";
import { readOperator } from "../../storage/parties/parties.ts";
import { type Ground } from "../../edge/api/api.ts";
import type { GuarantorOptions } from "../../servers/guarantor/guarantor.ts";
import { type DemoMember, type DemoShop, type LoadMember, seedCrowd, seedPerson } from "./member-seed.ts";
import { drawSignIn, type PartiesDemo, seedCarrier, seedOperators, seedTiedShops } from "./party-seed.ts";
import { tieKnownCarrier } from "../../edge/ties/ties.ts";
import type { Payees } from "./tie-seed.ts";
import { feeAccountOf, openHouse } from "../../storage/ledger/ledger.ts";

export interface GuarantorDemo extends PartiesDemo {
  members: DemoMember[];
  loadMembers: LoadMember[];
}

const demoOperator = idFrom("operator of the guarantor's demo");
/** A line that is long, one that is soon used up, and two in between. */
const people = [
  { name: "Hana Sato", email: "hana.g@example.com", kind: "credit", worth: 1_000_000n },
  { name: "Ken Mori", email: "ken.g@example.com", kind: "credit", worth: 500n },
  { name: "Yui Tanaka", email: "yui.g@example.com", kind: "credit", worth: 300_000n },
  { name: "Sora Ito", email: "sora.g@example.com", kind: "credit", worth: 20_000n },
] as const;

/** Where the guarantor collects, and who is paid there. */
export interface SeededPayees extends Payees {
  institution: string;
}

/** Makes the demo's people in a migrated database; undefined where they are there already. */
export async function seedGuarantor(
  options: Pick<GuarantorOptions, "url" | "schema" | "role" | "settings" | "personalDataKeys">,
  payees: SeededPayees,
  loadMembers = 200,
): Promise<GuarantorDemo | undefined> {
  const { settings, personalDataKeys, ...where } = options;
  const database = openDatabase({ ...where, keyed: true });
  try {
    if ((await readOperator(database, demoOperator)) !== undefined) return undefined;
    const keyring = openKeyring(personalDataKeys);
    const secret = await openServerSecret(database, keyring);
    const identity = openIdentity({ database, secret });
    return await seed({ database, identity, vault: openVault(keyring), settings }, payees, loadMembers);
  } finally {
    await database.close();
  }
}

async function seed(ground: Ground, payees: SeededPayees, loadMembers: number): Promise<GuarantorDemo> {
  await openHouse(ground.database, ground.settings.currencies);
  const operator = await drawSignIn(ground, "operator@example.com");
  const second = await drawSignIn(ground, "operator2@example.com");
  const carrier = await drawSignIn(ground, "carrier@example.com");
  const signIns = await Promise.all(people.map(({ email }) => drawSignIn(ground, email)));
  return ground.database.transaction(async (client) => {
    const desk = await seedOperators(ground, client, demoOperator, [operator, second]);
    const shops: DemoShop[] = await seedTiedShops(ground, client, payees, feeAccountOf);
    const members: DemoMember[] = [];
    for (const [index, person] of people.entries()) {
      const signIn = signIns[index];
      if (signIn === undefined) throw new Error("A member of the demo has no sign-in.");
      const { member } = await seedPerson(ground, client, person, signIn, shops);
      members.push({ ...member, email: signIn.email, password: signIn.password });
    }
    const crowd = {
      count: loadMembers,
      name: "Guaranteed load member",
      email: "guaranteed.load",
      kind: "credit",
    } as const;
    const load = await seedCrowd(ground, client, crowd, shops.slice(0, 1));
    const driver = await seedCarrier(ground, client, carrier);
    for (const [currency, consent] of Object.entries(payees.collect ?? {}))
      await tieKnownCarrier(client, {
        carrier: driver.id,
        institution: payees.institution,
        currency,
        consent,
      });
    return {
      ...desk,
      shops,
      members,
      carriers: [driver],
      loadMembers: load.map(({ member }) => member),
    };
  });
}
