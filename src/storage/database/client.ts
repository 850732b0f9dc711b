import type { Query } from "./sql.ts";

/** One connection. Statements may be sent without waiting for the answers; they run in the order they were sent. */
export type Client = {
  /** Runs a statement, returns its rows. */
  query<Row>(query: Query): Promise<Row[]>;
  /** Runs a statement, returns the number of rows it touched. */
  execute(query: Query): Promise<number>;
};

/**
 * A connection on loan from the pool, for a transaction that its borrower begins and ends. Give it back with `release`, with
 * `true` when it should not be used again.
 */
export type Connection = Client & {
  begin(): Promise<unknown>;
  /** The number of the transaction that is open, by which `isInProgress` can be asked about it. */
  transactionNumber(): Promise<string>;
  commit(): Promise<unknown>;
  rollback(): Promise<unknown>;
  release(broken?: boolean): void;
};

export type Database = Client & {
  readonly url: string;
  readonly schema: string;
  /**
   * Runs `work` in a READ COMMITTED transaction and commits it. After a deadlock or a serialization failure `work` is run
   * again from its start, so it must have no effect outside the database. Throws `CommitUnknownError` when the connection
   * broke during the commit, and the error of the first failed statement when that was not caught.
   */
  transaction<T>(work: (client: Client) => Promise<T>): Promise<T>;
  connect(): Promise<Connection>;
  /** Whether the transaction with this number has not ended yet. False also for one that the server has lost in a crash. */
  isInProgress(transaction: string): Promise<boolean>;
  /** Connections of this process: lent out, idle, and how many wait for one. */
  use(): { inUse: number; idle: number; waiting: number };
  /** Waits for connections in use, then closes all. */
  close(): Promise<void>;
};

export type DatabaseOptions = {
  url: string;
  schema: string;
  /** The role to act as after signing in, usually `kenshu_app`. */
  role?: string;
  /** The largest number of connections, 10 if not given. */
  max?: number;
  /** Plans never scan a whole table when an index could serve: for pools whose every statement goes by key. */
  keyed?: boolean;
  /** Told of errors on idle connections, which are replaced without further ado. */
  onError?: (error: Error) => void;
};
