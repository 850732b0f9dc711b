import { passkeyAsset } from "../parts/parts.ts";

/** What asks browsers for passkeys; on the pages that do. */
export function PasskeyScript() {
  return <script type="module" src={passkeyAsset.path} />;
}
