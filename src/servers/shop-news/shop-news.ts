/**
 * How a shop hears what happens at the servers at which it sells: they tell it by webhooks, and it reads their lists of
 * events for what no webhook has brought.
 */
export { makeEar, makeHearing } from "./ear.ts";
export { KnownSecrets } from "./known-secrets.ts";
export { addNewsRoutes } from "./news-routes.ts";
export { backPath, forgetMessages, returnUrlOf, secretOf, welcomePath } from "./tills-told.ts";
export { type Hearing, readHearings } from "./news-store.ts";
