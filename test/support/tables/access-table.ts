/** Who may call what, line by line: a call without a line fails the test, and so does a line without a call. */
import { type Line, line, unknown } from "./access-lines.ts";
import { ofRooms } from "./access-rooms.ts";
const staff = ["operator", "admin"] as const;
const carriers = ["carrier", "carrier2", "provider"] as const;
const shops = ["own", "other", "suspended"] as const;
const people = ["buyer", "member2", "guest"] as const;

const anyone = line("yes", { yes: unknown });
const operators = line(403, { yes: staff });
/** Shop and buyer of the trade, and operators: no carrier. */
const twoSides = line(404, { yes: ["own", "buyer", ...staff], 403: [...carriers, "guest"] });
const acceptance = line(404, { yes: ["own", "carrier", "buyer", ...staff], 403: ["provider", "guest"] });
const everyParty = line(404, { yes: ["own", "carrier", "provider", "buyer", ...staff] });
/** A member about themselves, and operators. */
const ofMember = line(403, { yes: ["buyer", ...staff], 404: ["member2"] });
/** A party about itself, and operators; for other parties it is not there. */
const ofShop = line(404, { yes: ["own", ...staff], 403: people });
const ofCarrier = line(404, { yes: ["carrier", ...staff], 403: people });
const ofProvider = line(404, { yes: ["provider", ...staff], 403: people });
const ofOperator = line(404, { yes: staff, 403: people });

const servers = line(401);
/** Shops, carriers and providers, about what is theirs; and what is the trade's shop's. */
const parties = line(403, { yes: [...shops, ...carriers] });
const shopsOwn = line(404, { yes: ["own"], 403: [...people, ...staff] });

const members = ["buyer", "member2"] as const;
/** Those whom a page sends to sign in; the link in somebody's cookie is of another trade. */
const strangers = [...unknown, "guest"] as const;
const onlySide = ["own", "carrier", "provider", ...staff] as const;
const each = ["own", "carrier", "provider", "buyer"] as const;
const shownPage = line(404, { yes: [...each, ...staff], signin: strangers });
const page = line(404, { yes: [...each, ...staff], 401: strangers });
const sides = line(404, { yes: ["own", "buyer", ...staff], 403: ["carrier", "provider"], 401: strangers });
const accepts = ["own", "carrier", "buyer", ...staff] as const;
const pageAcceptance = line(404, { yes: accepts, 403: ["provider"], 401: strangers });

const trade = "/v1/trades/{number}";
const member = "/v1/members/{number}";

export const table: Readonly<Record<string, Line>> = {
  ...ofRooms,
  // Facilitators only: accounts that are kept elsewhere, and what shops are paid early.
  "GET /methods": line(403, { yes: members, signin: strangers }),
  "POST /ties": line(403, { yes: members, 401: strangers }),
  "GET /ties/return": anyone, // without a code it only says that nothing was agreed
  "GET /v1/advances": line(403, { yes: shops }),
  "GET /v1/peers/{id}/breaches": operators,
  "POST /v1/peers/{id}/resume": operators,
  "POST /v1/shops/{id}/ties": ofShop,
  "GET /v1/shops/{id}/ties": ofShop,
  "PUT /v1/peers/{id}/accounts/{currency}": operators,
  "GET /payments": line(403, { yes: shops, signin: strangers }),
  "GET /shops/{id}/payments": line(404, { yes: ["own", ...staff], 403: members, signin: strangers }),
  "POST /shops/{id}/payments": line(404, { yes: ["own", ...staff], 403: people }),
  "GET /postcodes/{postcode}": anyone,
  "GET /healthz": anyone,
  "GET /readyz": anyone,
  "GET /openapi.json": anyone,
  "GET /docs": anyone,
  "GET /docs/problems": anyone,
  "GET /docs/reader/start.js": anyone,
  "GET /docs/reader/swagger-ui-bundle.js": anyone,
  "GET /docs/reader/swagger-ui.css": anyone,

  "POST /v1/trades": line(403, { yes: ["own", "other", "buyer", ...staff] }),
  "POST /v1/trades/batch": line(403, { yes: shops }),
  "GET /v1/trades": line("yes"),
  "GET /v1/events": parties,
  [`POST ${trade}/approve`]: line(404, { yes: ["buyer", ...staff], 403: ["guest", ...shops, ...carriers] }),
  // What is reserved may be on its way: then the shop changes the order, not the buyer, nor an operator for them.
  [`POST ${trade}/revise`]: line(404, { yes: ["own"], 403: ["buyer", "guest", ...staff, ...carriers] }),
  [`POST ${trade}/ship`]: line(404, { yes: ["own", "carrier", ...staff], 403: ["provider", ...people] }),
  [`POST ${trade}/deliver`]: line(404, {
    yes: ["own", "carrier", "provider", "buyer", ...staff],
    403: ["guest"],
  }),
  [`POST ${trade}/at-door`]: line(404, {
    yes: ["carrier", "provider"],
    403: [...shops, ...people, ...staff],
  }),
  [`POST ${trade}/accept`]: acceptance,
  [`POST ${trade}/reject`]: acceptance,
  [`POST ${trade}/send-back`]: line(404, {
    yes: ["carrier", "buyer", ...staff],
    403: ["provider", "guest", ...shops],
  }),
  [`POST ${trade}/withdraw`]: line(404, { yes: ["buyer", ...staff], 403: ["guest", ...shops, ...carriers] }),
  [`POST ${trade}/return`]: line(404, { yes: ["own", "carrier", ...staff], 403: ["provider", ...people] }),
  [`POST ${trade}/dispute`]: twoSides,
  [`POST ${trade}/answer`]: twoSides,
  [`POST ${trade}/say`]: twoSides,
  [`POST ${trade}/offer`]: twoSides,
  [`POST ${trade}/offer/accept`]: twoSides,
  [`POST ${trade}/resolve`]: operators,
  [`POST ${trade}/cancel`]: twoSides,
  [`POST ${trade}/extend`]: twoSides,
  [`POST ${trade}/refund`]: line(404, { yes: ["own", ...staff], 403: [...carriers, ...people] }),
  // An institution pays no shop early: those whose move it were are told so, and so is everybody.
  [`POST ${trade}/advance`]: line(404, { 403: ["own", ...staff, ...carriers, ...people] }),
  [`GET ${trade}`]: everyParty,
  [`GET ${trade}/events`]: everyParty,
  [`GET ${trade}/receipt`]: everyParty,
  [`GET ${trade}/return-address`]: everyParty,
  [`GET ${trade}/recipient`]: everyParty,
  [`GET ${trade}/door-code`]: line(403, { yes: ["buyer"], 404: ["member2"] }),
  [`GET ${trade}/to-take`]: line(403, { 404: ["carrier", "carrier2"] }),
  [`POST ${trade}/door-code/unlock`]: line(403, { yes: ["buyer", ...staff], 404: ["member2"] }),
  // No operator: with a friend who keeps a shop they would be the recipient.
  [`GET ${trade}/recipient-link`]: line(404, {
    yes: ["own", "buyer"],
    403: [...staff, ...carriers, "guest"],
  }),
  [`POST ${trade}/recipient-link/unlock`]: operators,
  // Every caller has to show link and code of the recipient.
  [`POST ${trade}/recipient-session`]: line(403, { 403: unknown }),

  "POST /v1/members": anyone,
  [`GET ${member}`]: ofMember,
  [`POST ${member}/approve`]: operators,
  [`POST ${member}/suspend`]: operators,
  [`POST ${member}/resume`]: operators,
  [`POST ${member}/forfeit`]: operators,
  [`POST ${member}/methods`]: ofMember,
  [`POST ${member}/methods/{id}/limit`]: operators,
  [`POST ${member}/mandates`]: line(403, { yes: ["buyer"], 404: ["member2"] }),
  [`GET ${member}/mandates`]: ofMember,
  [`DELETE ${member}/mandates/{id}`]: ofMember,
  [`DELETE ${member}`]: ofMember,
  "POST /v1/vouchers": operators,

  [`GET ${member}/notices`]: ofMember,
  [`GET ${member}/lookups`]: ofMember,
  [`GET ${member}/changes`]: ofMember,
  [`POST ${member}/profile`]: ofMember,
  [`POST ${member}/email`]: ofMember,
  [`POST ${member}/email/confirm`]: line(403, { 404: ["member2"] }), // nobody has asked for a code
  [`POST ${member}/password-reset`]: operators,
  [`POST ${member}/letter`]: operators,
  // Every caller has to show what stands in a letter.
  "POST /v1/first-sign-ins": line(403, { 403: unknown }),
  // A key is no sign-in.
  "POST /v1/password-resets": anyone,
  "POST /v1/password-resets/use": line(404, { 404: unknown }),
  "POST /v1/email-changes/take-back": line(404, { 404: unknown }),
  // Their own is for others to ask for.
  "POST /v1/operators/{id}/password-reset": operators,
  "GET /v1/operator-acts": operators,
  "GET /v1/disputes": operators,
  "POST /v1/operator-acts/{id}/confirm": line(403, { 404: staff }),
  "POST /v1/operator-acts/{id}/collect": line(403, { 404: staff }),
  "POST /v1/operator-acts/{id}/decline": line(403, { 404: staff }),
  [`POST ${member}/disclosures`]: line(403, { yes: ["buyer"], 404: ["member2"] }),
  [`GET ${member}/disclosures`]: line(403, { yes: ["buyer"], 404: ["member2"] }),
  [`DELETE ${member}/disclosures/{id}`]: line(403, { yes: ["buyer"], 404: ["member2"] }),
  // A disclosure is for the shop that it names; for any other it is not there.
  "POST /v1/disclosures/fetch": line(403, { yes: ["own"], 404: ["other"] }),

  // The stranger's head is another shop; the stores and offers of these calls are the trade's shop's.
  "POST /v1/chains/stores": line(403, { yes: [...shops, ...staff] }),
  "GET /v1/chains/{head}/stores": line(403, { yes: ["own", ...staff], 404: ["other", "suspended"] }),
  "DELETE /v1/chains/{head}/stores/{store}": line(403, {
    yes: ["own", ...staff],
    404: ["other", "suspended"],
  }),
  "GET /v1/chains": line(403, { yes: shops }),
  "POST /v1/chains/{head}/agree": line(403, { 404: shops }),
  "PUT /v1/chains/{head}": line(403, { yes: ["own", ...staff], 404: ["other", "suspended"] }),
  "GET /v1/offers": line(403, { yes: shops }),
  "POST /v1/offers/{id}/take": line(403, { 404: ["other", "suspended"], yes: ["own"] }),
  "POST /v1/offers/{id}/decline": line(403, { 404: ["other", "suspended"], yes: ["own"] }),

  "POST /v1/shops": anyone,
  "GET /v1/shops": operators,
  "GET /v1/shops/{id}": ofShop,
  "POST /v1/shops/{id}/approve": operators,
  "POST /v1/shops/{id}/suspend": operators,
  "POST /v1/shops/{id}/resume": operators,
  "PUT /v1/shops/{id}/fee": operators,
  "GET /v1/shops/{id}/notices": ofShop,
  "PUT /v1/shops/{id}/return-urls": ofShop,
  "PUT /v1/shops/{id}/return-address": ofShop,
  "PUT /v1/shops/{id}/unique-references": ofShop,
  "GET /v1/shops/{id}/standing": ofShop,
  "PUT /v1/shops/{id}/standing": operators,
  "POST /v1/shops/{id}/keys": ofShop,
  "GET /v1/shops/{id}/keys": ofShop,
  "DELETE /v1/shops/{id}/keys/{key}": ofShop,
  "POST /v1/carriers": anyone,
  "GET /v1/carriers": operators,
  "GET /v1/carriers/{id}": ofCarrier,
  "POST /v1/carriers/{id}/approve": operators,
  "POST /v1/carriers/{id}/suspend": operators,
  "POST /v1/carriers/{id}/resume": operators,
  "PUT /v1/carriers/{id}/independence": operators,
  "GET /v1/carriers/{id}/notices": ofCarrier,
  "POST /v1/carriers/{id}/keys": ofCarrier,
  "GET /v1/carriers/{id}/keys": ofCarrier,
  "DELETE /v1/carriers/{id}/keys/{key}": ofCarrier,
  "POST /v1/providers": anyone,
  "GET /v1/providers": operators,
  "GET /v1/providers/{id}": ofProvider,
  "GET /v1/providers/{id}/notices": ofProvider,
  "POST /v1/providers/{id}/approve": operators,
  "POST /v1/providers/{id}/suspend": operators,
  "POST /v1/providers/{id}/resume": operators,
  "PUT /v1/providers/{id}/independence": operators,
  "POST /v1/providers/{id}/keys": ofProvider,
  "GET /v1/providers/{id}/keys": ofProvider,
  "DELETE /v1/providers/{id}/keys/{key}": ofProvider,
  "POST /v1/operators": operators,
  "GET /v1/operators": operators,
  "POST /v1/operators/{id}/suspend": operators,
  "POST /v1/operators/{id}/resume": operators,
  "POST /v1/operators/{id}/keys": ofOperator,
  "GET /v1/operators/{id}/keys": ofOperator,
  "DELETE /v1/operators/{id}/keys/{key}": ofOperator,

  // Nobody but a server that signs; none of these callers is one.
  "POST /v1/reservations": servers,
  "POST /v1/reservations/batch": servers,
  "POST /v1/reservations/{id}/settle": servers,
  "POST /v1/reservations/{id}/release": servers,
  "POST /v1/reservations/{id}/extend": servers,
  "POST /v1/reservations/{id}/refund": servers,
  "POST /v1/reservations/{id}/assign": servers,
  "GET /v1/reservations": servers,
  "GET /v1/reservations/totals": servers,
  "GET /v1/reservations/{id}": servers,
  "POST /v1/amounts": line(403, { yes: shops }),
  "POST /v1/consents": line(403, { yes: ["own", "other", "buyer", "carrier", "carrier2"], 404: ["member2"] }),
  "GET /v1/consents": line(403, { yes: [...shops, ...members, "carrier", "carrier2"] }),
  "POST /v1/consents/{id}/revoke": line(404, { yes: ["buyer"], 403: ["guest", "provider", ...staff] }),
  "POST /v1/consents/exchange": servers,
  "POST /v1/consents/voucher": servers,
  "POST /v1/consents/{id}/give-back": servers,
  "POST /v1/peers/{id}/accounts": operators,
  "GET /v1/consents/{id}": servers,
  "GET /.well-known/jwks.json": anyone,
  "GET /v1/log": anyone,
  "GET /v1/server": anyone,
  "GET /v1/log/epochs": anyone,
  // No log is halted here, and so there is no epoch to begin.
  "POST /v1/log/epochs": line(403, { 404: staff }),
  "POST /v1/witness/add-checkpoint": anyone,
  "GET /v1/witness/{hash}/checkpoint": anyone,
  "GET /v1/witness/{hash}/checkpoints": anyone,
  "POST /v1/signing-keys/rotate": operators,
  "GET /v1/peers": operators,
  "POST /v1/peers/{id}/keys/{kid}/revoke": operators,
  "POST /v1/webhook-endpoints": parties,
  "PUT /v1/webhook-endpoints/{id}": parties,
  "GET /v1/webhook-endpoints": parties,
  "DELETE /v1/webhook-endpoints/{id}": shopsOwn,
  "POST /v1/webhook-endpoints/{id}/rotate": shopsOwn,
  "POST /v1/webhook-endpoints/{id}/test": shopsOwn,
  "GET /v1/webhook-deliveries": parties,
  "POST /v1/webhook-deliveries/{id}/resend": shopsOwn,

  "POST /v1/sessions": anyone,
  "DELETE /v1/sessions": anyone,
  "GET /v1/sessions": line("yes", { yes: ["invited"] }),
  "POST /v1/accounts/{id}/pass-on": operators,
  "POST /v1/transfers": line(403, { yes: staff }),
  "GET /v1/transfers": operators,
  "POST /v1/transfers/{id}/match": line(403, { 404: staff }),
  "GET /v1/test-clock": anyone,
  "POST /v1/test-clock/advance": operators,

  "GET /": anyone,
  "GET /signin": anyone,
  "POST /signin": anyone,
  "POST /signout": anyone,
  "POST /language": anyone,
  "GET /join": anyone,
  "POST /join": anyone,
  "GET /approve/{token}": anyone,
  // The link in the address is the buyer's, and so nothing to the recipient's pages; nor have these callers a cookie.
  "GET /guest/{token}": line(404, { 404: unknown }),
  "GET /link": anyone,
  "POST /link": anyone, // it tells nobody whether there is a guest
  "GET /mail/{token}": line(404, { 404: unknown }),
  "GET /sandbox/mails": line("yes", { 403: carriers, signin: strangers }),
  "GET /sandbox/mails/{id}": line(404, { yes: ["buyer", ...staff], 403: carriers, signin: strangers }),
  "GET /welcome": line(403, { yes: members, 401: ["guest"] }),
  "GET /accounts": line(403, { yes: members, signin: strangers }),
  "POST /accounts": line(403, { yes: members, 401: ["guest"] }),
  "GET /accounts/{id}": line(403, { yes: ["buyer"], 404: ["member2"], 401: ["guest"] }),
  "GET /disclose": line(403, { yes: members, signin: strangers }),
  "POST /disclose": line(403, { yes: members, 401: ["guest"] }),
  "GET /tie": line(403, { yes: members, signin: strangers }),
  "POST /tie": line(403, { yes: ["buyer"], 404: ["member2"], 401: ["guest"] }),
  "GET /amounts/{peer}/{number}": line(403, { 404: members, signin: strangers }),
  "GET /v1/settlements": line(403, { yes: members }),
  "POST /v1/consents/{id}/confirm-above": line(403, { yes: ["buyer"], 404: ["member2"] }),
  "POST /v1/settlements/{id}/confirm": line(403, { 404: members }),
  "POST /v1/settlements/{id}/object": line(403, { 404: members }),
  "POST /v1/settlements/{id}/decide": line(403, { 404: staff }),
  "GET /v1/settlement-objections": operators,
  "POST /settlements/{id}/confirm": line(403, { 404: members, 401: ["guest"] }),
  "POST /settlements/{id}/object": line(403, { 404: members, 401: ["guest"] }),
  "POST /consents/{id}/confirm-above": line(403, { yes: ["buyer"], 404: ["member2"], 401: ["guest"] }),
  "GET /objections": line(403, { yes: staff, signin: strangers }),
  "POST /objections/{id}/decide": line(403, { 404: staff }),
  "GET /settlements": line(403, { yes: members, signin: strangers }),
  "GET /settlements/{id}": line(403, { 404: members, signin: strangers }),
  "GET /consents": line(403, { yes: members, signin: strangers }),
  "POST /consents/{id}/revoke": line(403, { yes: ["buyer"], idle: ["member2"], 401: ["guest"] }),
  "GET /password": line("yes", { signin: strangers }),
  "POST /password": line(403, { yes: ["buyer", "member2", "operator"] }),
  "GET /first-sign-in": anyone,
  "POST /first-sign-in": line(403, { 403: unknown }),
  "GET /forgotten": anyone,
  "POST /forgotten": anyone,
  "GET /reset": anyone,
  "GET /reset/{token}": line(404, { 404: unknown }),
  "POST /reset": line(404, { 404: unknown }),
  "GET /address-back": anyone,
  "GET /address-back/{token}": line(404, { 404: unknown }),
  "POST /address-back": line(404, { 404: unknown }),
  "POST /address-back/stop": line(404, { 404: unknown }),
  "GET /record": line(403, { yes: members, signin: strangers }),
  "GET /mandates": line(403, { yes: members, signin: strangers }),
  "POST /consents/{id}/limits": line(403, { yes: ["buyer"], 404: ["member2"], 401: strangers }),
  "GET /mandates/new": line(403, { yes: members, signin: strangers }),
  "POST /mandates/new": line(403, { yes: members, 401: strangers }),
  "GET /mandates/{id}": line(403, { yes: ["buyer"], 404: ["member2"], signin: strangers }),
  "POST /mandates/{id}/limits": line(403, { yes: ["buyer"], 404: ["member2"], 401: strangers }),
  "POST /mandates/{id}/revoke": line(403, { yes: ["buyer"], idle: ["member2"], 401: ["guest"] }),
  "GET /trades": line("yes", { signin: strangers }),
  "GET /trades/find": line("yes", { signin: strangers }),
  "GET /trades/{number}": shownPage,
  "GET /trades/{number}/live": line(404, { yes: [...each, ...staff], 401: strangers }),
  "GET /trades/{number}/approve": shownPage,
  "GET /trades/{number}/label": shownPage,
  "GET /trades/{number}/receipt": shownPage,
  "POST /trades/{number}/approve": line(404, { yes: ["buyer"], 403: onlySide, 401: strangers }),
  "POST /trades/{number}/approve-as-guest": line(404, { 403: ["buyer", ...onlySide], 401: strangers }),
  "POST /trades/{number}/guest-address": line(404, { 403: ["buyer", ...onlySide], 401: strangers }),
  "POST /trades/{number}/guest-code": line(404, { 403: ["buyer", ...onlySide], 401: strangers }),
  "POST /trades/{number}/link": line(403, { 404: ["guest"] }),
  "POST /trades/{number}/decline": line(404, { yes: ["buyer"], 403: onlySide, 401: strangers }),
  "POST /trades/{number}/accept": pageAcceptance,
  "POST /trades/{number}/reject": pageAcceptance,
  "POST /trades/{number}/ship": line(404, {
    yes: ["own", "carrier", ...staff],
    403: ["buyer", "provider"],
    401: strangers,
  }),
  "POST /trades/{number}/deliver": page,
  "POST /trades/{number}/send-back": line(404, {
    yes: ["carrier", "buyer", ...staff],
    403: ["own", "provider"],
    401: strangers,
  }),
  "POST /trades/{number}/withdraw": line(404, {
    yes: ["buyer", ...staff],
    403: ["own", "carrier", "provider"],
    401: strangers,
  }),
  "POST /trades/{number}/return": line(404, {
    yes: ["own", "carrier", ...staff],
    403: ["buyer", "provider"],
    401: strangers,
  }),
  "POST /trades/{number}/at-door": line(404, {
    yes: ["carrier", "provider"],
    403: ["own", "buyer", ...staff],
    401: strangers,
  }),
  "POST /trades/{number}/door-code": line(404, { yes: ["buyer"], 403: onlySide, 401: strangers }),
  "POST /trades/{number}/cancel": sides,
  "POST /trades/{number}/not-come": sides,
  "POST /trades/{number}/dispute": sides,
  "POST /trades/{number}/answer": sides,
  "POST /trades/{number}/say": sides,
  "POST /trades/{number}/offer": sides,
  "POST /trades/{number}/accept-offer": sides,
  "POST /trades/{number}/extend": sides,
  "POST /trades/{number}/refund": line(404, {
    yes: ["own", ...staff],
    403: ["buyer", "carrier", "provider"],
    401: strangers,
  }),
};

/** Lines that are others at a facilitator, which pays shops early. */
export const atFacilitators: Readonly<Record<string, Line>> = {
  "POST /shop/orders/{number}/advance": line(403, {
    yes: ["own"],
    404: ["other", "suspended"],
    401: strangers,
  }),
  [`POST ${trade}/advance`]: line(404, { yes: ["own", ...staff], 403: [...carriers, ...people] }),
};
