/** What a server gives to its signing. */
import type { FastifyRequest } from "fastify";
import type { Database } from "../../storage/database/database.ts";
import type { Peers } from "./peers.ts";
import type { Signer } from "./signer.ts";

export interface SigningOptions {
  database: Database;
  signer: Signer;
  peers: Peers;
  /** Refuses a caller who is no operator. */
  isOperator: (request: FastifyRequest) => Promise<void>;
}
