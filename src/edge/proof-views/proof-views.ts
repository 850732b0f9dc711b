/** The parts of forms in which people prove that it is them: by a passkey, or by their password. Data in, HTML out. */
export { ProofPart } from "./proof-part.tsx";
export { PasskeySignIn } from "./sign-in-part.tsx";
export { PasskeyScript } from "./passkey-script.tsx";
export { ProofPage } from "./proof-page.tsx";
