/** The calls and pages that every trading server has. */
import {
  callerAmong,
  operatorAct,
  registerPartyRoutes,
  registerPeopleRoutes,
  registerRecordRoutes,
  registerSessionRoutes,
  registerTradeRoutes,
} from "../api/api.ts";
import type { AdvanceRules } from "../../engines/advances/advances.ts";
import { registerBreaks } from "../breaks/breaks.ts";
import type { Marks } from "../../engines/marks/marks.ts";
import type { Trades } from "../../engines/trades/trades.ts";
import { registerDeskRoutes } from "../desk/desk.ts";
import { registerDeskPages } from "../desk-pages/desk-pages.ts";
import { registerDisclosureRoutes } from "../disclosures/disclosures.ts";
import { registerDoorstepRoutes } from "../doorstep/doorstep.ts";
import { registerGuides } from "../guides/guides.ts";
import type { Server } from "../http/http.ts";
import type { PartyKind } from "../../storage/parties/parties.ts";
import { type PageContext, registerPages } from "../pages/pages.ts";
import { registerPasskeys } from "../passkeys/passkeys.ts";
import { registerPermissionPages } from "../permissions/permissions.ts";
import { registerPhotoRoutes } from "../photos/photos.ts";
import { registerPortal } from "../portal/portal.ts";
import { registerProfilePages } from "../profile-pages/profile-pages.ts";
import { registerProfileRoutes } from "../profiles/profiles.ts";
import { registerTradeReads } from "../reading/reading.ts";
import { registerQueues } from "../queues/queues.ts";
import { registerRounds } from "../rounds/rounds.ts";
import { type Peers, registerSigning, type Signer, type SigningOptions } from "../signing/signing.ts";
import { registerRunning } from "../running/running.ts";
import { registerShopStanding } from "../shop-accounts/shop-accounts.ts";
import { registerShopDesk } from "../shop-desk/shop-desk.ts";
import { registerTeam } from "../team/team.ts";
import { registerTradePapers } from "../trade-papers/trade-papers.ts";

/** How operators have a new key made. */
function rotating(context: PageContext, signer: Signer): SigningOptions["rotate"] {
  const rotate = operatorAct<{ overlapMs: number }>(
    context,
    "signing-key.rotate",
    async (client, { overlapMs }) => ({
      status: 200,
      body: { keys: await signer.rotate(overlapMs, client) },
    }),
  );
  return async (request, reply, overlapMs) => {
    const caller = await callerAmong(context, request, ["operator"]);
    return rotate(request, reply, caller, { subject: signer.url, args: { overlapMs } });
  };
}

/** What these routes need beside what all pages know. */
interface Common {
  signer: Signer;
  peers: Peers;
  marks: Marks;
  lists: Trades["lists"];
  /** How shops are paid early here, if they are. */
  advances: AdvanceRules | undefined;
  /** Kinds of parties that this server makes for itself, and to which nobody applies. */
  makes?: readonly PartyKind[];
}

/** Registers them. */
export function registerCommon(
  server: Server,
  context: PageContext,
  { signer, peers, marks, lists, advances, makes }: Common,
): void {
  registerSigning(server, {
    database: context.database,
    signer,
    peers,
    isOperator: async (request) => void (await callerAmong(context, request, ["operator"])),
    rotate: rotating(context, signer),
  });
  registerTradeRoutes(server, context);
  registerTradeReads(server, context);
  registerDoorstepRoutes(server, context, context.doorstep);
  registerPeopleRoutes(server, context);
  registerPartyRoutes(server, context, makes);
  registerDeskRoutes(server, context);
  registerRecordRoutes(server, context);
  registerDisclosureRoutes(server, context);
  registerSessionRoutes(server, context);
  registerProfileRoutes(server, context, context.profiles);
  registerProfilePages(server, context);
  registerPasskeys(server, context);
  registerPages(server, context);
  registerDeskPages(server, context, marks);
  registerPermissionPages(server, context);
  registerTradePapers(server, context);
  registerPhotoRoutes(server, context);
  registerQueues(server, context);
  registerBreaks(server, context, peers);
  registerRounds(server, context);
  registerGuides(server, context);
  registerPortal(server, context, signer.url);
  registerShopDesk(server, context, advances !== undefined);
  registerShopStanding(server, context);
  registerTeam(server, context);
  registerRunning(server, context, () => lists.round());
}
