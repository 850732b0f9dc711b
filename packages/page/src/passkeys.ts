/**
 * Passkeys in a browser: forms that ask for one, and signing in with one where the reader types their address. Served beside the
 * script of all pages, to the pages that have such a form; without it people type their passwords.
 */

interface Descriptor {
  id: string;
  type: "public-key";
  transports: string[];
}

/** As servers write them: what is binary is base64url. */
interface Asked {
  challenge: string;
  timeout: number;
  rpId: string;
  userVerification: "required";
  allowCredentials: Descriptor[];
}
interface Made {
  challenge: string;
  timeout: number;
  rp: { id: string; name: string };
  user: { id: string; name: string; displayName: string };
  pubKeyCredParams: { type: "public-key"; alg: number }[];
  excludeCredentials: Descriptor[];
  authenticatorSelection: AuthenticatorSelectionCriteria;
  attestation: "none";
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));

const textOf = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const named = (known: readonly Descriptor[]): PublicKeyCredentialDescriptor[] =>
  known.map(({ id, type, transports }) => ({
    id: bytesOf(id),
    type,
    transports: transports as AuthenticatorTransport[],
  }));

const common = ({ id, rawId, type }: PublicKeyCredential) => ({ id, rawId: textOf(rawId), type });

/** What a passkey of the reader's signs; undefined where there is none, or the reader thinks better of it. */
async function asserted(asked: Asked, more: CredentialRequestOptions = {}): Promise<string | undefined> {
  const { challenge, allowCredentials, ...rest } = asked;
  const publicKey = { ...rest, challenge: bytesOf(challenge), allowCredentials: named(allowCredentials) };
  const found = await navigator.credentials.get({ ...more, publicKey });
  if (!(found instanceof PublicKeyCredential)) return undefined;
  const { response } = found;
  if (!(response instanceof AuthenticatorAssertionResponse)) return undefined;
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  return JSON.stringify({
    ...common(found),
    response: {
      clientDataJSON: textOf(clientDataJSON),
      authenticatorData: textOf(authenticatorData),
      signature: textOf(signature),
      ...(userHandle === null ? {} : { userHandle: textOf(userHandle) }),
    },
  });
}

/** A new passkey, as it is registered. */
async function created(made: Made): Promise<string | undefined> {
  const { challenge, user, excludeCredentials, ...rest } = made;
  const publicKey = {
    ...rest,
    challenge: bytesOf(challenge),
    user: { ...user, id: bytesOf(user.id) },
    excludeCredentials: named(excludeCredentials),
  };
  const found = await navigator.credentials.create({ publicKey });
  if (!(found instanceof PublicKeyCredential)) return undefined;
  const { response } = found;
  if (!(response instanceof AuthenticatorAttestationResponse)) return undefined;
  return JSON.stringify({
    ...common(found),
    response: {
      clientDataJSON: textOf(response.clientDataJSON),
      attestationObject: textOf(response.attestationObject),
      transports: response.getTransports(),
    },
  });
}

/** Browsers let one ceremony run at a time: the one that waits beside the sign-in gives way. */
let waiting = new AbortController();

/** What a control asks for: to sign something, or to make a passkey. */
async function answered(control: HTMLInputElement): Promise<string | undefined> {
  waiting.abort();
  waiting = new AbortController();
  const { passkey = "", does } = control.dataset;
  return does === "create" ? created(JSON.parse(passkey) as Made) : asserted(JSON.parse(passkey) as Asked);
}

const said = (form: HTMLFormElement): HTMLElement | null => form.querySelector("[data-passkey-said]");

/** Fills in what the form asks for, and sends it. */
async function fill(form: HTMLFormElement, control: HTMLInputElement, by: HTMLElement | null): Promise<void> {
  const message = said(form);
  if (message !== null) message.hidden = true;
  const value = await answered(control).catch(() => undefined);
  if (value === undefined) {
    if (message !== null) message.hidden = false;
    return;
  }
  control.value = value;
  form.requestSubmit(by);
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!(form instanceof HTMLFormElement)) return;
  const control = form.querySelector<HTMLInputElement>("input[data-passkey]");
  if (control === null || control.value !== "") return;
  const password = form.querySelector<HTMLInputElement>("input[name=proofPassword]");
  if (password !== null && password.value !== "") return;
  event.preventDefault();
  void fill(form, control, submitter);
});

// A page that comes back from the browser's memory holds what was sent, which is good no more.
window.addEventListener("pageshow", () => {
  for (const control of document.querySelectorAll<HTMLInputElement>("input[data-passkey]"))
    control.value = "";
});

/** Offers the reader's passkeys where they are about to type who they are. */
async function offer(form: HTMLFormElement, control: HTMLInputElement): Promise<void> {
  if (typeof PublicKeyCredential === "undefined") return;
  if ((await PublicKeyCredential.isConditionalMediationAvailable?.()) !== true) return;
  const { signal } = waiting;
  const asked = JSON.parse(control.dataset["passkey"] ?? "") as Asked;
  const value = await asserted(asked, { mediation: "conditional", signal });
  if (value === undefined) return;
  control.value = value;
  form.requestSubmit();
}

// Passkeys are kept under the name of a host: at another name of the same server there are none.
for (const control of document.querySelectorAll<HTMLInputElement>("input[data-passkey]")) {
  const { form } = control;
  const isHere = control.dataset["host"] === location.hostname && typeof PublicKeyCredential !== "undefined";
  if (form === null) continue;
  form.classList.toggle("no-passkeys", !isHere);
  if (isHere && control.dataset["offer"] === "yes") offer(form, control).catch(() => undefined);
}
