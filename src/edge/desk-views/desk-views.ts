/** What operators see at their desk: data in, HTML out. */
export { DeskPage, type QueueName, type QueueState } from "./desk-page.tsx";
