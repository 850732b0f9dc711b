/** How the program is used, and what is thrown where it was used otherwise. */
/** A command was called in a way that it cannot follow; the message says what would be right. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What `kenshu --help` says. */
export const help = `kenshu: trade between strangers, safe for both

  kenshu start    the whole demo on this machine: a database, an institution, a facilitator, a guarantor, a shop
      --dir DIR        data folder (.kenshu)
      --port-base N    the shop listens on N+10, the facilitator on N+20, the institution on N+30, the guarantor
                       on N+40 (4000)
      --host ADDRESS   where the servers listen (127.0.0.1); in a container 0.0.0.0, with the same ports published
      --log LEVEL      silent, error, warn, info or debug (warn)
  kenshu serve PARTY --config FILE
                  one party's server: institution, facilitator, guarantor or shop (see docs/running.md)
  kenshu migrate --schema NAME --kind trading|shop
                  bring a schema of KENSHU_DATABASE_URL up to date
  kenshu keys rewrap --config FILE
                  wrap by the present personalDataKey what a former one has wrapped, while servers run
  kenshu operator add PARTY --config FILE --name NAME --email ADDRESS
                  one of the first two operators of a server; these two make every other one together
  kenshu tie --config FILE --institution ID
                  where a shop is paid that sells at this facilitator or guarantor, or that server itself
      --shop ID --code CODE
                       a shop, by the code that the institution gave it
      --currency C --receive CONSENT [--pay CONSENT]
                       the server's own account, by the consents that the institution's operators tell
  kenshu audit    recompute every balance, hold and trade from the journal, and prove all of it against the log
      --dir DIR        a data folder of kenshu start, running or not (.kenshu)
      --schema NAME    (institution)
      --witness URL    a server that has witnessed the log, beside those of the configuration in DIR
  kenshu export --config FILE --what trades|lines|events|entries|settlements
                  what a server keeps, as lines for spreadsheets and other programs (see docs/running.md)
      --from, --to     a day of the server or an instant; from it on, and before it (all)
      --format FORMAT  csv or jsonl, a line of JSON each (csv)
      --out FILE       there as a whole or not at all; without it they are printed
      --quiet          says nothing of how it goes on
  kenshu verify FILE --key KEY
                  check a receipt offline; KEY is that of the log, or a file with it, from a source that you trust
      --witness KEY    of somebody whose word counts that they saw the same log; may be given more than once
  kenshu reconcile
                  compare, trade by trade, what parties believe that is frozen and paid
      --dir DIR        a data folder of kenshu start that runs (.kenshu)
      --config FILE    of a facilitator, guarantor or shop instead; may be given more than once
      --whole          trades that have ended, too, although the sums agree
  kenshu conformance URL
                  try whether the server there is an institution as docs/between-parties.md says
      --config FILE    who is played, and what was agreed to (.kenshu/conformance.json; see docs/conformance.md)
      --only NAME      the rules whose names begin so; may be given more than once
      --key FILE       the private key to sign with, as PEM (a new one)
      --json           a line of JSON for each rule
  kenshu bench    measure on this machine, against PostgreSQL's own benchmark
      --help           says what can be chosen
  kenshu fairness search the trade machine for stories in which somebody who cheats alone wins
      --help           says what can be chosen
  kenshu --version, kenshu COMMAND --help

With KENSHU_DATABASE_URL set, that PostgreSQL (15 or newer) is used and none is started.
`;
