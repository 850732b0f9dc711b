/** What a server's own command line does alone: `kenshu operator add` makes its first two operators, `kenshu tie` ties accounts. */
import { parseArgs } from "node:util";
import { addOperator } from "../../edge/api/api.ts";
import { openDatabase, randomToken } from "../../storage/database/database.ts";
import { openIdentity, openServerSecret } from "../../storage/identity/identity.ts";
import { openKeyring } from "../../storage/keyring/keyring.ts";
import { countOperatorsAlone } from "../../storage/parties/parties.ts";
import { feeAccount, tieOwnOnCommand, tieShopOnCommand } from "../../edge/ties/ties.ts";
import { personalDataKeys, readConfig, readTradingConfig, signBy } from "./config.ts";
import { applicationRole } from "./paths.ts";
import { UsageError } from "./help.ts";
import { feeAccountOf } from "../../storage/ledger/ledger.ts";

/** With two there are enough to make every other one, and the command line makes none any more. */
const enough = 2n;

export async function operatorCommand(args: string[], say: (line: string) => void): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { config: { type: "string" }, name: { type: "string" }, email: { type: "string" } },
  });
  const { config: file, name, email } = values;
  const [verb, party = ""] = positionals;
  if (verb !== "add" || file === undefined || name === undefined || email === undefined)
    throw new UsageError("Say operator add PARTY --config FILE --name NAME --email ADDRESS.");
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new UsageError("--email is an address.");
  const config = readConfig(party, file);
  if (config.party === "shop") throw new UsageError("A shop has staff and no operators.");
  const { databaseUrl: url, schema } = config;
  const database = openDatabase({ url, schema, role: applicationRole });
  try {
    const secret = await openServerSecret(database, openKeyring(personalDataKeys(config)));
    const identity = openIdentity({ database, secret });
    const password = randomToken(15);
    const passwordHash = await identity.hashPassword(email, password);
    await database.transaction(async (client) => {
      if ((await countOperatorsAlone(client)) >= enough)
        throw new UsageError("There are two operators: together they make any other one.");
      await addOperator({ identity }, client, { name, email, passwordHash, madeBy: null });
    });
    say(`${name} signs in with ${email} and ${password}`);
  } finally {
    await database.close();
  }
}

const tieUsage =
  "Say --config FILE --institution ID, and either --shop ID --code CODE or --currency C --receive CONSENT [--pay CONSENT].";

/** Where a shop is paid, or a facilitator or guarantor itself. */
export async function tieCommand(args: string[], say: (line: string) => void): Promise<void> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args,
    options: {
      config: text,
      institution: text,
      shop: text,
      code: text,
      currency: text,
      receive: text,
      pay: text,
    },
  });
  const { config: file, institution, shop, code, currency, receive, pay } = values;
  if (file === undefined || institution === undefined) throw new UsageError(tieUsage);
  const config = readTradingConfig(file);
  if (config.party === "institution")
    throw new UsageError("An institution keeps its shops' accounts itself.");
  const there = config.institutions.find(({ id }) => id === institution);
  if (there === undefined) throw new UsageError(`${file} names no institution ${institution}.`);
  const { databaseUrl: url, schema, publicUrl, institutions } = config;
  const keys = { personalDataKeys: personalDataKeys(config), signBy: signBy(config) };
  const where = { url, schema, role: applicationRole, publicUrl, institutions, ...keys };
  if (shop !== undefined && code !== undefined) {
    const paid = await tieShopOnCommand(where, { shop, institution, code });
    return say(`${shop} is paid in ${paid} at ${there.name}`);
  }
  if (currency === undefined || receive === undefined) throw new UsageError(tieUsage);
  const wish = { institution, currency, receive, ...(pay === undefined ? {} : { pay }) };
  await tieOwnOnCommand(where, wish, config.party === "guarantor" ? feeAccountOf : feeAccount);
  say(`fees in ${currency} arrive at ${there.name}`);
}
