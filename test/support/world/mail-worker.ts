/** A process that does nothing but send mails, for tests that kill it. */
import { mailerOn } from "./mails.ts";
import { openDatabase } from "../../../src/storage/database/database.ts";

const [url = "", schema = "", smtp = "", key = ""] = process.argv.slice(2);
const database = openDatabase({ url, schema, keyed: true });
// Longer than the server ever takes, and short enough to wait for.
await mailerOn(database, { smtp, key: Buffer.from(key, "base64"), leaseMs: 3000 });
process.once("disconnect", () => process.exit());
process.send?.("ready");
