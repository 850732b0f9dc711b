/** A mailer as a server has it, on a database, without the server. */
import { usualTerms } from "../../../src/core/trade/trade.ts";
import { openGuests } from "../../../src/edge/guests/guests.ts";
import { createMailer, type Mailer, openMailServer } from "../../../src/edge/mail/mail.ts";
import { ownBooks } from "../../../src/engines/rails/rails.ts";
import { createTrades } from "../../../src/engines/trades/trades.ts";
import { openConfirming } from "../../../src/edge/operators/operators.ts";
import { twoOperators } from "./operators.ts";
import { openDesk } from "../../../src/edge/desk/desk.ts";
import { openDoorstep } from "../../../src/edge/doorstep/doorstep.ts";
import { type Database, rawSql } from "../../../src/storage/database/database.ts";
import { openProfiles } from "../../../src/edge/profiles/profiles.ts";
import { openIdentity, openServerSecret } from "../../../src/storage/identity/identity.ts";
import { openKeyring } from "../../../src/storage/keyring/keyring.ts";
import { openVault } from "../../../src/storage/members/members.ts";
import { testKey } from "./vault.ts";

interface MailerWish {
  smtp: string;
  key?: Buffer;
  leaseMs?: number;
  onError?: (error: unknown) => void;
}

const mailFrom = "Kenshu <no-reply@kenshu.example>";

/** Begins to send what is queued. What it is asked to write it reads by an engine that does nothing else. */
export async function mailerOn(
  database: Database,
  { smtp, key = testKey, leaseMs, onError = () => {} }: MailerWish,
): Promise<Mailer> {
  const keyring = openKeyring([key]);
  const vault = openVault(keyring);
  const secret = await openServerSecret(database, keyring);
  const engine = createTrades({
    rail: ownBooks(),
    database,
    topology: "direct",
    vault,
    defaults: usualTerms,
    timeZone: "UTC",
    feeAccount: () => "",
    approveUrl: (number) => `https://pay.example/approve/${number}`,
    sweepEveryMs: 3_600_000,
    onError,
  });
  const doorstep = openDoorstep({ database, secret, publicUrl: "https://pay.example" });
  const desk = openDesk({
    database,
    trades: doorstep.guard(engine),
    confirming: openConfirming(database, twoOperators),
  });
  const writing = {
    database,
    vault,
    trades: desk.trades,
    guests: openGuests({
      database,
      secret,
      vault,
      trades: engine,
      mails: "sent",
      publicUrl: "https://pay.example",
    }),
    profiles: openProfiles({
      database,
      vault,
      identity: openIdentity({ database, secret }),
      mails: "sent",
      publicUrl: "https://pay.example",
      secret,
      house: { name: "Kenshu", timeZone: "UTC", language: "en", creditIn: ["JPY"] },
    }),
    publicUrl: "https://pay.example",
    server: "Kenshu",
    language: "en" as const,
    timeZone: "UTC",
    serverNames: new Map<string, string>(),
  };
  const mailServer = openMailServer({ url: smtp, from: mailFrom, unencrypted: true, timeoutMs: 2000 });
  return createMailer({
    writing,
    mailServer,
    onError,
    pollEveryMs: 20,
    ...(leaseMs === undefined ? {} : { leaseMs }),
  });
}

/** The id of a mail to the buyer of a trade. */
export async function mailToBuyer(database: Database, trade: string): Promise<string> {
  const [mail] = await database.query<{ id: string }>(
    rawSql("select id from mails where trade = $1 and reader = 'buyer' limit 1", [BigInt(trade)]),
  );
  return mail?.id ?? "";
}
