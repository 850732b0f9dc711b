/**
 * Webhooks: brings messages that were written with a change to those who want to be told. Any number of processes may
 * do it on one database. Every message that was committed arrives at least once, or ends as failed, where its owner
 * sees it and can have it sent again.
 */
export { type WebhooksOptions, type Webhooks, createWebhooks } from "./delivery.ts";
export { registerWebhookRoutes } from "./webhook-routes.ts";
