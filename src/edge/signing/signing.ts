/**
 * HTTP Message Signatures between servers: own keys and those of others, requests verified and replies signed, and a
 * client that believes signed replies only. What goes over the wire stands in docs/between-parties.md.
 */
export { readResponse } from "./bounded-body.ts";
export {
  makePeerClient,
  type PeerAnswer,
  type PeerClient,
  saysNothing,
  type SignedReply,
  UnknownOutcomeError,
} from "./client.ts";
export { type PublishedKey, publishedKey, readKeySet } from "./key-sets.ts";
export {
  type Component,
  contentDigest,
  readClaim,
  replyMessage,
  signComponents,
  untimely,
} from "./message.ts";
export { openPeers, type Peer, type Peers } from "./peers.ts";
export { openNoteKey } from "./kept-keys.ts";
export type { KeySource } from "./own-keys.ts";
export { openSigner, type Signer, type SigningOptions } from "./signer.ts";
export { registerSigning, requirePeer } from "./server.ts";
