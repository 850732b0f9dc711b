import {
  type Audit,
  type AuditOptions,
  auditStages,
  type Database,
} from "../../storage/database/database.ts";
import {
  checkClaims,
  checkDebts,
  checkEvents,
  checkFigures,
  checkLiveHolds,
  checkLocks,
  checkMoney,
  checkOwners,
  checkShopsPaidEarly,
  countClaims,
  countKept,
  countTrades,
} from "./audit-store.ts";

/**
 * Proves, on one snapshot, that every trade's money is that of its hold, that every hold which still freezes
 * money belongs to one live trade or to one reservation for another server, and that no trade lacks an event.
 * `audit` of the ledger proves the holds themselves. Where money is frozen at institutions, what they hold is for
 * reconciliation, and a trade is proved to add up and to wait for something that is asked for. Writes nothing.
 */
export function auditTrades(
  database: Database,
  options: AuditOptions = {},
): Promise<Audit<"trade" | "hold" | "events">> {
  return auditStages(database, options, countTrades, ({ trades, events }) => [
    { stage: "trades", what: "trade", total: trades, check: checkMoney },
    { stage: "live holds", what: "hold", total: trades, check: checkLiveHolds },
    { stage: "events", what: "events", total: events, check: checkEvents },
  ]);
}

/**
 * Proves, on one snapshot, that every claim that was bought says what its trade says, that nothing of it is lost once
 * nothing is frozen, and that the sums of every shop, and its debts at each institution, are those of its claims. Writes nothing.
 */
export function auditAdvances(
  database: Database,
  options: AuditOptions = {},
): Promise<Audit<"advance" | "shop" | "debt of">> {
  return auditStages(database, options, countClaims, ({ advances, accounts }) => [
    { stage: "advances", what: "advance", total: advances, check: checkClaims },
    { stage: "shops paid early", what: "shop", total: accounts, check: checkShopsPaidEarly },
    { stage: "debts of shops", what: "debt of", total: accounts, check: checkDebts },
  ]);
}

/**
 * Proves, on one snapshot, that what is kept in shops' accounts is what buyers can still ask back, to the minor unit and the
 * instant, that the figures of every party are the sum of what happened in its trades, and that every balance has an owner
 * who can reach it. Writes nothing.
 */
export function auditKept(
  database: Database,
  options: AuditOptions = {},
): Promise<Audit<"payout lock" | "figures of" | "balance">> {
  return auditStages(database, options, countKept, ({ locks, figures, balances }) => [
    { stage: "payout locks", what: "payout lock", total: locks, check: checkLocks },
    { stage: "figures", what: "figures of", total: figures, check: checkFigures },
    { stage: "owners", what: "balance", total: balances, check: checkOwners },
  ]);
}
