/** What the devices of those who bring goods get beside their pages: a key, a worker for a bad line, a camera. */
export { registerRounds } from "./round-routes.ts";
