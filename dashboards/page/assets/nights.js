// The page: nights.

import { openPage } from "./frame.js";

await openPage();
