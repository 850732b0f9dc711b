/** The parties of a demo at a server whose shops are paid at an institution: operators, shops with their ties, a carrier. */
import { type Client, randomToken, uuidv7 } from "../../storage/database/database.ts";
import { issueKey } from "../../storage/identity/identity.ts";
import { addReturnAddress, setIndependence } from "../../storage/parties/parties.ts";
import { addOperator, applyAsParty, type Ground } from "../../edge/api/api.ts";
import { tieKnownShop, tieOwn } from "../../edge/ties/ties.ts";
import type { DemoShop } from "./member-seed.ts";
import type { Payees } from "./tie-seed.ts";

/** The parties' part of demo.json. */
export interface PartiesDemo {
  shops: DemoShop[];
  adminKey: string;
  operators: { email: string; password: string }[];
  carriers: { id: string; email: string; password: string }[];
}

/** What somebody signs in with, in clear once. */
export interface DrawnSignIn {
  email: string;
  password: string;
  passwordHash: string;
}

/** The first shop pays no fee, so that what is accepted is what arrives; the second shows a fee. */
const fees = [
  { fixed: 0, basisPoints: 0, roundTo: "shop" },
  { fixed: 10, basisPoints: 300, roundTo: "shop" },
] as const;
const operatorNames = ["Mei Kato", "Ken Arai"] as const;

export async function drawSignIn({ identity }: Ground, email: string): Promise<DrawnSignIn> {
  const password = randomToken(12);
  return { email, password, passwordHash: await identity.hashPassword(email, password) };
}

/** Two operators, the first with this id and a key: the second decides where the first has acted for one side. */
export async function seedOperators(
  ground: Ground,
  client: Client,
  first: string,
  signIns: readonly [DrawnSignIn, DrawnSignIn],
): Promise<Pick<PartiesDemo, "adminKey" | "operators">> {
  for (const [index, { email, passwordHash }] of signIns.entries()) {
    const id = index === 0 ? first : uuidv7();
    const name = operatorNames[index] ?? email;
    await addOperator(ground, client, { id, name, email, passwordHash, madeBy: null });
  }
  const { key } = await issueKey(client, { ownerKind: "operator", owner: first, label: "demo" });
  return { adminKey: key, operators: signIns.map(({ email, password }) => ({ email, password })) };
}

/** Where a shop of the demo has goods sent back to. */
export const returnsOf = (name: string) => ({
  name: `${name}, returns`,
  address: "〒604-8005\n京都市中京区三条通河原町 1-2-3",
  phone: "075-000-0000",
});

/** The shops that an institution pays for this server, and this server's own accounts there. */
export async function seedTiedShops(
  ground: Ground,
  client: Client,
  { institution, shops, own }: Payees & { institution: string },
  feesInto: (currency: string) => string,
): Promise<DemoShop[]> {
  const seeded: DemoShop[] = [];
  for (const [index, { name, receive }] of shops.entries()) {
    const id = uuidv7();
    const contact = { email: `${name.toLowerCase().replaceAll(" ", ".")}@example.com` };
    const fee = fees[index] ?? fees[0];
    await applyAsParty(ground, client, "shop", { name, contact, fee }, { approved: true, id });
    await addReturnAddress(client, id, returnsOf(name));
    for (const [currency, consent] of Object.entries(receive))
      await tieKnownShop(client, { shop: id, institution, consent, currency });
    const { key } = await issueKey(client, { ownerKind: "shop", owner: id, label: "demo" });
    seeded.push({ id, name, key });
  }
  for (const [currency, { receive, pay }] of Object.entries(own))
    await tieOwn(client, { institution, currency, receive, pay }, feesInto);
  return seeded;
}

export async function seedCarrier(
  ground: Ground,
  client: Client,
  { email, password, passwordHash }: DrawnSignIn,
): Promise<PartiesDemo["carriers"][number]> {
  const id = uuidv7();
  const wish = { name: "Hayabusa Express", contact: { email } };
  await applyAsParty(ground, client, "carrier", wish, { approved: true, passwordHash, id });
  await setIndependence(client, id, true);
  return { id, email, password };
}
