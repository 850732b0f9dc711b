/** `kenshu operator add`: the first two operators of a server, on its own command line. */
import { parseArgs } from "node:util";
import { addOperator } from "../../edge/api/api.ts";
import { openDatabase, randomToken } from "../../storage/database/database.ts";
import { openIdentity, openServerSecret } from "../../storage/identity/identity.ts";
import { openKeyring } from "../../storage/keyring/keyring.ts";
import { countOperatorsAlone } from "../../storage/parties/parties.ts";
import { personalDataKeys, readConfig } from "./config.ts";
import { applicationRole } from "./paths.ts";
import { UsageError } from "./usage-error.ts";

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
