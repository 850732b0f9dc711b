/** What operators see at their desk: data in, HTML out. */
export { deskLists, DeskPage, type QueueName, type QueueState } from "./desk-page.tsx";
