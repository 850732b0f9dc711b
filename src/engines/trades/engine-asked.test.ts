/** The engine with the money at an institution, over a line that repeats, delays and loses what it carries. */
import { usual } from "../../../test/support/world/market.ts";

usual.line = "bad";
await import("../../../test/support/world/engine-stories.ts");
