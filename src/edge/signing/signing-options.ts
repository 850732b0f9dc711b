/** What signing needs of a server. */
import type { FastifyRequest } from "fastify";
import type { Database } from "../../storage/database/database.ts";
import type { Peers } from "./peers.ts";
import type { Signer } from "./signer.ts";

export interface SigningOptions {
  database: Database;
  signer: Signer;
  peers: Peers;
  /** Refuses callers that are no operators. */
  isOperator: (request: FastifyRequest) => Promise<void>;
}
