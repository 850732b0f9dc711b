/** Stores of a chain and offered orders over HTTP: who packs takes orders, the owner says which stores there are. */
import type { FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed } from "../../core/protocol/schemas.ts";
import type { Server } from "../../edge/http/http.ts";
import { randomToken } from "../../storage/database/database.ts";
import { frameOf, ownMistake, staffOnly, whoOf } from "../shop-desk/shop-desk.ts";
import { formKey, type Mistaken, sendPage, type Shop, tidyForm } from "../shop-frame/shop-frame.ts";
import { record, type Role, type StoreAct, storeActs } from "../shop-staff/shop-staff.ts";
import { shopSay } from "../shop-words/shop-words.ts";
import { StoresPage, type StoresProps } from "./stores-page.tsx";
import { type Press, storesOfTills, tell, type Told } from "./tills-stores.ts";

/** Who may do it. An order is taken by whoever packs; which stores there are is the owner's, as at the servers themselves. */
const needed: Record<StoreAct, Role> = {
  take: "clerk",
  pass: "clerk",
  invite: "owner",
  drop: "owner",
  wait: "owner",
  agree: "owner",
  leave: "owner",
};

const storesForm = closed({
  key: formKey,
  of: Type.Optional(Type.String({ maxLength: 200 })),
  postcodes: Type.Optional(Type.String({ maxLength: 4000 })),
  minutes: Type.Optional(Type.String({ maxLength: 20 })),
  ownPassword: Type.Optional(Type.String({ maxLength: 200 })),
});

const storesQuery = closed({
  done: Type.Optional(Type.Unsafe<StoreAct>({ type: "string", enum: [...storeActs] })),
});

interface Fields {
  key: string;
  of?: string;
  postcodes?: string;
  minutes?: string;
  ownPassword?: string;
}

const narrow = (text = ""): string => text.normalize("NFKC").trim();
/** Up to a day, as the servers take it. */
const isMinutes = (text: string): boolean =>
  /^[0-9]{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 1440;
const isId = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

function pressOf(act: StoreAct, { key, of, postcodes, minutes }: Fields): Press {
  return {
    act,
    key,
    of: narrow(of).toLowerCase(),
    postcodes: narrow(postcodes)
      .split(/[\s,、]+/u)
      .filter((word) => word !== ""),
    minutes: narrow(minutes),
  };
}

/** What is wrong with what was typed; what no page of ours sends is refused outright. */
function mistakesIn({ act, of, postcodes, minutes }: Press): Mistaken {
  if (act === "wait") return isMinutes(minutes) ? {} : { minutes: shopSay("mistake.minutes") };
  if (act !== "invite") return isId(of) ? {} : refuse("not_found");
  const served = postcodes.length > 0 && postcodes.length <= 200;
  return {
    ...(isId(of) ? {} : { of: shopSay("mistake.store") }),
    ...(served ? {} : { postcodes: shopSay("mistake.postcodes") }),
  };
}

async function sendStores(
  shop: Shop,
  request: FastifyRequest,
  reply: FastifyReply,
  shown: Pick<StoresProps, "done" | "tried"> = {},
): Promise<FastifyReply> {
  const who = whoOf(request);
  const props: StoresProps = {
    ...shown,
    frame: await frameOf(shop, who),
    owns: who.role === "owner",
    tills: await storesOfTills(shop),
    once: randomToken(24),
  };
  return sendPage(reply, StoresPage, props, statusOf(shown.tried));
}

function statusOf(tried: StoresProps["tried"]): number {
  if (tried === undefined) return 200;
  if (tried.told === undefined) return 422;
  return tried.told.outcome === "refused" ? tried.told.problem.status : 503;
}

/** What is said in the record: at which server, and about which store, chain or offer, or for how long. */
const saidOf = (till: string, { act, of, minutes }: Press): string =>
  `${till}, ${act === "wait" ? `PT${Number(minutes)}M` : of}`;

async function press(
  shop: Shop,
  request: FastifyRequest,
  reply: FastifyReply,
  act: StoreAct,
): Promise<FastifyReply> {
  const { till: named } = request.params as { till: string };
  const till = shop.tills.find(({ id }) => id === named) ?? refuse("not_found");
  const fields = request.body as Fields;
  const wish = pressOf(act, fields);
  const again = (mistaken: Mistaken, told?: Told) =>
    sendStores(shop, request, reply, {
      tried: { till: till.id, act, of: wish.of, typed: { ...fields }, mistaken, told },
    });
  const mistaken = mistakesIn(wish);
  if (Object.keys(mistaken).length > 0) return again(mistaken);
  const who = whoOf(request);
  if (act === "invite") {
    const wrong = await ownMistake(shop, who, fields.ownPassword ?? "");
    if (wrong !== undefined) return again({ ownPassword: wrong });
  }
  const here = await till.hurried.whoami();
  const id = here.outcome === "done" ? here.caller.id : undefined;
  if (id === undefined) return again({}, { outcome: "unknown" });
  await record(shop.database, who.by, act, null, saidOf(till.id, wish));
  const told = await tell(till, id, wish);
  return told.outcome === "done" ? reply.redirect(`/staff/stores?done=${act}`, 303) : again({}, told);
}

export function addStores(server: Server, shop: Shop): void {
  server.get(
    "/staff/stores",
    {
      config: { access: ["staff"], page: true },
      schema: { summary: "Stores of a chain, and orders that are offered", querystring: storesQuery },
      onRequest: staffOnly(shop, "clerk"),
    },
    async (request, reply) => sendStores(shop, request, reply, request.query),
  );
  for (const act of storeActs) {
    const role = needed[act];
    server.post<{ Params: { till: string } }>(
      `/staff/stores/:till/${act}`,
      {
        config: { access: [role === "clerk" ? "staff" : "owner"], page: true, form: true },
        schema: { summary: `The page of stores: ${act}`, body: storesForm },
        onRequest: staffOnly(shop, role),
        preValidation: tidyForm,
      },
      async (request, reply) => press(shop, request, reply, act),
    );
  }
}
