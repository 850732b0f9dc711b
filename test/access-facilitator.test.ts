/** Who may call what at a facilitator. */
import { which } from "./support/access-place.ts";

which.server = "facilitator";
await import("./support/access-matrix.ts");
