/**
 * Webhooks: sends the messages that were written with a change to the endpoints of their owners. Any number of processes
 * may do so on one database. Every committed message arrives at least once, or ends as failed; then its owner sees it and
 * can have it sent again.
 */
export { createWebhooks, type WebhooksOptions } from "./delivery.ts";
export { openWebhookBox } from "./signature.ts";
export { registerWebhookRoutes } from "./webhook-routes.ts";
