/** Listings over HTTP: a shop enters itself, and takes itself out; anybody reads. */
import Type from "typebox";
import { listingSchema } from "../../core/answers/answers.ts";
import { refuse } from "../../core/protocol/protocol.ts";
import { closed, idSchema, listOf, pageSchema, text } from "../../core/protocol/schemas.ts";
import { readParty } from "../../storage/parties/parties.ts";
import { type Context, operatorAct, pageWish, partyFor } from "../api/api.ts";
import type { Server } from "../http/http.ts";
import { dropListing, type Listing } from "./listing-store.ts";
import { pageOfListings, setListing } from "./listings.ts";

const tags = ["Portal"];
const params = closed({ id: idSchema });

export function registerListingRoutes(server: Server, context: Context): void {
  registerSetting(server, context);
  registerRemoving(server, context);
  server.get(
    "/v1/listings",
    {
      config: { access: ["anyone"] },
      schema: {
        tags,
        summary: "The shops that want to be found here",
        answers: { 200: listOf(listingSchema) },
        querystring: pageSchema,
      },
    },
    (request) => pageOfListings(context.database, pageWish(request.query)),
  );
}

function registerSetting(server: Server, context: Context): void {
  const set = operatorAct<Listing>(context, "listing.set", async (client, listing) => {
    await setListing(client, listing);
    const shop = await readParty(client, "shop", listing.shop);
    return { status: 200, body: { ...listing, name: shop?.name ?? "" }, tells: listing.shop };
  });
  server.put(
    "/v1/shops/:id/listing",
    {
      config: { access: ["party", "operator"], acts: ["listing.set"], refusals: ["not_found"] },
      schema: {
        tags,
        summary: "Be found on this server's page of shops",
        description:
          "`url` is one of the registered addresses (`return-urls`), with a query of its own if you like; a member who goes on comes there.",
        answers: { 200: listingSchema },
        params,
        body: closed({
          url: Type.String({ format: "web-address", maxLength: 400 }),
          sentence: text(1, 200, "What you sell, in a sentence"),
        }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const caller = await partyFor(context, request, "shop", id);
      if ((await readParty(context.database, "shop", id)) === undefined) refuse("not_found");
      return set(request, reply, caller, { subject: id, args: { shop: id, ...request.body } });
    },
  );
}

function registerRemoving(server: Server, context: Context): void {
  const remove = operatorAct<{ shop: string }>(context, "listing.remove", async (client, { shop }) => {
    if (!(await dropListing(client, shop))) refuse("not_found", "The shop is not listed.");
    return { status: 204, body: {}, tells: shop };
  });
  server.delete(
    "/v1/shops/:id/listing",
    {
      config: { access: ["party", "operator"], acts: ["listing.remove"], refusals: ["not_found"] },
      schema: { tags, summary: "Be found there no more", answers: { 204: null }, params },
    },
    async (request, reply) => {
      const { id } = request.params;
      const caller = await partyFor(context, request, "shop", id);
      return remove(request, reply, caller, { subject: id, args: { shop: id } });
    },
  );
}
