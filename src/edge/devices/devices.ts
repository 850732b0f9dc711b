/** What lies on the devices of those who bring goods and of those who accept them, and what such a device sends. */
export { answeredBefore, asSeen, isBound, keyOfPress, waitedOf, withVersion } from "./presses.ts";
export { deviceOf } from "./owners.ts";
