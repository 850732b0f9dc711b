/** Accounts that other servers have here themselves: where their fees arrive, and from which they pay shops early. */
import { peerAccountSchema } from "../../core/answers/answers.ts";
import type { Server } from "../../edge/http/http.ts";
import { callerAmong, checkCurrency, type Context, operatorAct } from "../../edge/api/api.ts";
import { closed, currencySchema, idSchema } from "../../core/protocol/schemas.ts";
import { insertConsents } from "../../engines/reservations/reservations.ts";
import { type Client, idFrom } from "../../storage/database/database.ts";
import { openAccounts } from "../../storage/ledger/ledger.ts";
import { knownPeer, type KnownPeers } from "./consents.ts";

/** A peer's own account, and the consents by which it uses it. */
export interface PeerAccount {
  account: string;
  currency: string;
  consents: { receive: string; pay: string };
}

/**
 * Opens a peer's own account in a currency, with its consents; the one that is open already is answered. Ids of consents
 * are no secrets: nobody but the peer can use them.
 */
export async function openPeerAccount(client: Client, peer: string, currency: string): Promise<PeerAccount> {
  const account = idFrom(`account of ${peer} in ${currency}`);
  await openAccounts(client, [{ id: account, kind: "fee", currency, floor: 0n }]);
  const consents = { receive: idFrom(`receive on ${account}`), pay: idFrom(`pay from ${account}`) };
  const plain = {
    peer,
    account,
    own: true,
    ownerKind: "peer",
    owner: peer,
    currency,
    limitPerTrade: null,
    limitPerMonth: null,
    feeFixed: null,
    feeBasisPoints: null,
    until: null,
  } as const;
  await insertConsents(client, [
    { ...plain, id: consents.receive, purpose: "receive" },
    { ...plain, id: consents.pay, purpose: "pay" },
  ]);
  return { account, currency, consents };
}

export function registerPeerAccounts(server: Server, context: Context, peers: KnownPeers): void {
  const open = operatorAct<{ peer: string; currency: string }>(
    context,
    "peer-account.open",
    async (client, { peer, currency }) => ({
      status: 201,
      body: { ...(await openPeerAccount(client, peer, currency)) },
    }),
  );
  server.post(
    "/v1/peers/:id/accounts",
    {
      config: {
        access: ["operator"],
        acts: ["peer-account.open"],
        refusals: ["not_found", "unknown_currency", "currency_mismatch"],
      },
      schema: {
        tags: ["Servers"],
        summary: "Open an account of another server's own, for its fees and for paying shops early",
        answers: { 201: peerAccountSchema },
        description:
          "Answers the consents by which that server uses it; they are no secrets, and its operators tie it by them. The " +
          "same again answers the account that there is.",
        params: closed({ id: idSchema }),
        body: closed({ currency: currencySchema }),
      },
    },
    async (request, reply) => {
      const caller = await callerAmong(context, request, ["operator"]);
      const { id: peer } = knownPeer(peers, request.params.id);
      const { currency } = request.body;
      checkCurrency(context, currency);
      return open(request, reply, caller, { subject: peer, args: { peer, currency } });
    },
  );
}
