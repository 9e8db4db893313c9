// The page: bands.

import { openPage } from "./frame.js";

await openPage();
