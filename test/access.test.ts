/** Who may call what at an institution. */
import "./support/access-matrix.ts";
