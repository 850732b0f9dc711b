/** The engine with the money in its own books. */
import "../../../test/support/world/engine-stories.ts";
