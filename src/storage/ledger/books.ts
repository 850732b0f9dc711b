import type { Account, Command, Entry, Hold, LedgerRefusal, LedgerRefusalCode, Share } from "./commands.ts";

/** The outcome of a posted command. `repeated`: the command was done before, and nothing was done now. */
export type Posted = { done: Entry[]; repeated: boolean } | LedgerRefusal;

/** A leg that is not in the journal yet. */
interface Leg {
  account: Account;
  posted: bigint;
  held: bigint;
}

/**
 * The accounts and holds of one batch, in memory, already locked in the database. Commands are posted one
 * after another: all is checked first, then it must succeed. Nothing here does I/O.
 */
export class Books {
  readonly accounts = new Map<string, Account>();
  readonly holds = new Map<string, Hold>();
  /** Legs of commands that are already in the journal, by command id; only of those asked for. */
  readonly known = new Map<string, Entry[]>();
  readonly entries: Entry[] = [];
  readonly openedHolds = new Set<string>();
  readonly changedHolds = new Set<string>();
  readonly changedAccounts = new Set<string>();
  private readonly undo: (() => void)[] = [];

  /** Where the books stand now, for `rollback`. */
  mark(): number {
    return this.undo.length;
  }

  /** Takes back all that was posted since the mark. */
  rollback(mark: number): void {
    while (this.undo.length > mark) this.undo.pop()?.();
  }

  /** Posts one command at an instant of the database's clock, or says why not. */
  post(command: Command, at: Date): Posted {
    const before = this.known.get(command.id);
    if (before !== undefined) return repeat(command, before);
    if ("amount" in command && command.amount <= 0n) return { refused: "amount_not_positive" };
    switch (command.do) {
      case "hold":
        return this.open(command, at);
      case "transfer":
        return this.transfer(command, at);
      default:
        return this.onHold(command, at);
    }
  }

  private open(command: Extract<Command, { do: "hold" }>, at: Date): Posted {
    const found = this.find([command.account], command.currency);
    if ("refused" in found) return found;
    if (!(command.until > at)) return { refused: "until_not_later" };
    const [account] = found;
    const short = lacking(account, command.amount);
    if (short !== undefined) return { refused: short, obstacle: account.id };
    // After this point it must succeed.
    const { id, currency, amount, until } = command;
    const hold: Hold = {
      id,
      account: account.id,
      currency,
      amount,
      settled: 0n,
      released: 0n,
      refunded: 0n,
      state: "held",
      until,
    };
    this.holds.set(id, hold);
    this.openedHolds.add(id);
    this.undo.push(() => {
      this.holds.delete(id);
      this.openedHolds.delete(id);
    });
    return this.write(command, hold, [{ account, posted: 0n, held: amount }], at);
  }

  private transfer(command: Extract<Command, { do: "transfer" }>, at: Date): Posted {
    const mustBeOpen = command.empties === true ? [command.to] : [command.from, command.to];
    const found = this.find([command.from, command.to], command.currency, mustBeOpen);
    if ("refused" in found) return found;
    const [from, to] = found;
    if (from === to) return { refused: "same_account", obstacle: from.id };
    const short = lacking(from, command.amount);
    if (short !== undefined) return { refused: short, obstacle: from.id };
    // After this point it must succeed.
    const legs = [
      { account: from, posted: -command.amount, held: 0n },
      { account: to, posted: command.amount, held: 0n },
    ];
    return this.write(command, null, legs, at);
  }

  private onHold(command: Exclude<Command, { do: "hold" | "transfer" }>, at: Date): Posted {
    const hold = this.holds.get(command.hold);
    if (hold === undefined) return { refused: "hold_not_found", obstacle: command.hold };
    const payer = this.accounts.get(hold.account);
    if (payer === undefined) return { refused: "account_not_found", obstacle: hold.account };
    switch (command.do) {
      case "settle":
        return this.settle(command, hold, payer, at);
      case "refund":
        return this.refund(command, hold, payer, at);
      case "extend":
        if (hold.state !== "held") return { refused: "hold_ended", obstacle: hold.id };
        if (!(command.until > hold.until)) return { refused: "until_not_later", obstacle: hold.id };
        // After this point it must succeed.
        this.change(hold, { until: command.until });
        return this.write(command, hold, [{ account: payer, posted: 0n, held: 0n }], at);
      case "release":
      case "expire":
        if (hold.state !== "held") return { refused: "hold_ended", obstacle: hold.id };
        if (command.amount > open(hold)) return { refused: "exceeds_hold", obstacle: hold.id };
        // After this point it must succeed.
        this.change(hold, { released: hold.released + command.amount });
        this.end(hold, command.do === "expire" ? "expired" : "released");
        return this.write(command, hold, [{ account: payer, posted: 0n, held: -command.amount }], at);
    }
  }

  private settle(command: Extract<Command, { do: "settle" }>, hold: Hold, payer: Account, at: Date): Posted {
    // Running trades may still pay into an account that is closed for new ones.
    const shares = this.legs(command.splits, hold.currency, []);
    if ("refused" in shares) return shares;
    if (hold.state !== "held") return { refused: "hold_ended", obstacle: hold.id };
    if (command.amount > open(hold)) return { refused: "exceeds_hold", obstacle: hold.id };
    if (!addUp(command.splits, command.amount)) return { refused: "shares_do_not_add_up" };
    // After this point it must succeed.
    this.change(hold, { settled: hold.settled + command.amount });
    this.end(hold, "released");
    const paid = { account: payer, posted: -command.amount, held: -command.amount };
    return this.write(command, hold, [paid, ...shares], at);
  }

  private refund(command: Extract<Command, { do: "refund" }>, hold: Hold, payer: Account, at: Date): Posted {
    const to = this.lastHeir(payer);
    const shares = this.legs(command.sources, hold.currency, []);
    if ("refused" in shares) return shares;
    if (to.closed) return { refused: "account_closed", obstacle: to.id };
    if (hold.refunded + command.amount > hold.settled)
      return { refused: "exceeds_settled", obstacle: hold.id };
    if (!addUp(command.sources, command.amount)) return { refused: "shares_do_not_add_up" };
    const poor = shares.find(({ account, posted }) => lacking(account, posted) !== undefined);
    if (poor !== undefined) return { refused: "payee_insufficient_funds", obstacle: poor.account.id };
    // After this point it must succeed.
    this.change(hold, { refunded: hold.refunded + command.amount });
    const taken = shares.map((leg) => ({ ...leg, posted: -leg.posted }));
    return this.write(command, hold, [...taken, { account: to, posted: command.amount, held: 0n }], at);
  }

  /** Where what comes back to an account goes: to whom its money has gone for good. */
  private lastHeir(account: Account): Account {
    const heir = account.heir == null ? undefined : this.accounts.get(account.heir);
    return heir === undefined ? account : this.lastHeir(heir);
  }

  /** The accounts with these ids, in their order; those that `mustBeOpen` names may not be closed. */
  private find<const Ids extends readonly string[]>(
    ids: Ids,
    currency: string,
    mustBeOpen: readonly string[] = ids,
  ): LedgerRefusal | { [index in keyof Ids]: Account } {
    const found: Account[] = [];
    for (const id of ids) {
      const account = this.accounts.get(id);
      if (account === undefined) return { refused: "account_not_found", obstacle: id };
      found.push(account);
    }
    const closed = mustBeOpen.find((id) => this.accounts.get(id)?.closed === true);
    if (closed !== undefined) return { refused: "account_closed", obstacle: closed };
    const foreign = found.find((account) => account.currency !== currency);
    if (foreign !== undefined) return { refused: "currency_differs", obstacle: foreign.id };
    return found as { [index in keyof Ids]: Account };
  }

  /** A leg that pays each share to its account. */
  private legs(
    shares: readonly Share[],
    currency: string,
    mustBeOpen: readonly string[],
  ): LedgerRefusal | Leg[] {
    const found = this.find(
      shares.map((share) => share.account),
      currency,
      mustBeOpen,
    );
    if ("refused" in found) return found;
    return found.map((account, index) => ({ account, posted: shares[index]?.amount ?? 0n, held: 0n }));
  }

  private change(hold: Hold, change: Partial<Hold>): void {
    const before = { ...hold };
    const was = this.changedHolds.has(hold.id);
    Object.assign(hold, change);
    this.changedHolds.add(hold.id);
    this.undo.push(() => {
      Object.assign(hold, before);
      if (!was) this.changedHolds.delete(hold.id);
    });
  }

  /** A hold ends when nothing is left of it: settled if anything was paid, otherwise as the last command says. */
  private end(hold: Hold, otherwise: "released" | "expired"): void {
    if (open(hold) === 0n) hold.state = hold.settled > 0n ? "settled" : otherwise;
  }

  private write(command: Command, hold: Hold | null, legs: readonly Leg[], at: Date): Posted {
    if (legs.reduce((sum, leg) => sum + leg.posted, 0n) !== 0n)
      throw new Error("The legs do not sum to zero.");
    const written = legs.map(({ account, posted, held }, leg): Entry => {
      const was = this.changedAccounts.has(account.id);
      account.posted += posted;
      account.held += held;
      if (posted !== 0n || held !== 0n) this.changedAccounts.add(account.id);
      this.undo.push(() => {
        account.posted -= posted;
        account.held -= held;
        if (!was) this.changedAccounts.delete(account.id);
      });
      const until = "until" in command ? command.until : null;
      return {
        command: command.id,
        leg,
        kind: command.do,
        account: account.id,
        hold: hold?.id ?? null,
        currency: account.currency,
        posted,
        held,
        until,
        at,
      };
    });
    this.entries.push(...written);
    this.known.set(command.id, written);
    this.undo.push(() => {
      this.entries.length -= written.length;
      this.known.delete(command.id);
    });
    return { done: written, repeated: false };
  }
}

/** What is still frozen of a hold. */
export function open(hold: Hold): bigint {
  return hold.amount - hold.settled - hold.released;
}

/** Shares name each account once, are above zero, and make up the whole amount. */
function addUp(shares: readonly Share[], total: bigint): boolean {
  const accounts = new Set(shares.map((share) => share.account));
  if (accounts.size < shares.length || shares.some((share) => share.amount <= 0n)) return false;
  return shares.reduce((sum, share) => sum + share.amount, 0n) === total;
}

function lacking(account: Account, amount: bigint): LedgerRefusalCode | undefined {
  if (account.posted - account.held - amount >= account.floor) return undefined;
  return account.kind === "credit" ? "credit_limit_exceeded" : "insufficient_funds";
}

/** A command id comes again: the same content gets the same answer, other content a refusal that names the field. */
function repeat(command: Command, legs: Entry[]): Posted {
  const field = differingField(command, legs);
  return field === undefined ? { done: legs, repeated: true } : { refused: "id_reused", field };
}

function differingField(command: Command, legs: readonly Entry[]): string | undefined {
  const [first] = legs;
  if (first === undefined || first.kind !== command.do) return "do";
  if ("hold" in command && first.hold !== command.hold) return "hold";
  if ("currency" in command && first.currency !== command.currency) return "currency";
  if ("until" in command && first.until?.getTime() !== command.until.getTime()) return "until";
  switch (command.do) {
    case "hold":
      if (first.account !== command.account) return "account";
      return first.held === command.amount ? undefined : "amount";
    case "transfer":
      if (first.account !== command.from) return "from";
      if (legs[1]?.account !== command.to) return "to";
      return -first.posted === command.amount ? undefined : "amount";
    case "settle":
      if (-first.posted !== command.amount) return "amount";
      return sameShares(command.splits, legs.slice(1)) ? undefined : "splits";
    case "refund":
      if (legs.at(-1)?.posted !== command.amount) return "amount";
      return sameShares(command.sources, legs.slice(0, -1)) ? undefined : "sources";
    case "release":
    case "expire":
      return -first.held === command.amount ? undefined : "amount";
    case "extend":
      return undefined;
  }
}

function sameShares(shares: readonly Share[], legs: readonly Entry[]): boolean {
  const abs = (amount: bigint) => (amount < 0n ? -amount : amount);
  return (
    shares.length === legs.length &&
    shares.every(
      (share, index) => legs[index]?.account === share.account && abs(legs[index].posted) === share.amount,
    )
  );
}
