/** Under which name passkeys are good here, and which pages may use them (WebAuthn, sections 5.1.2 and 13.4.9). */

export interface RelyingParty {
  /** The host that authenticators keep passkeys under. */
  id: string;
  /** What browsers say of the pages of this server, its port included: another server on the host is another. */
  origin: string;
  /** What people are told whose server it is. */
  name: string;
}

const loopback = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;
const address = /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/i;

/**
 * Authenticators know hosts by name. A server that is reached by the number of its own machine is `localhost` there; one that is
 * reached by another number, or in clear, has no passkeys.
 */
export function relyingParty(publicUrl: string, name: string): RelyingParty | undefined {
  if (!URL.canParse(publicUrl)) return undefined;
  const { protocol, hostname, port } = new URL(publicUrl);
  const id = loopback.test(hostname) ? "localhost" : hostname;
  if (address.test(id) || (protocol !== "https:" && id !== "localhost")) return undefined;
  return { id, origin: `${protocol}//${id}${port === "" ? "" : `:${port}`}`, name };
}
