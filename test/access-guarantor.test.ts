/** Who may call what at a guarantor. */
import { which } from "./support/world/access-place.ts";

which.server = "guarantor";
await import("./support/tables/access-matrix.ts");
