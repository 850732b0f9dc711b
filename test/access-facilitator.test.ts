/** Who may call what at a facilitator. */
import { which } from "./support/world/access-place.ts";

which.server = "facilitator";
await import("./support/tables/access-matrix.ts");
