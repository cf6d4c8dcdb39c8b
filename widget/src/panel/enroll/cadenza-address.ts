import type { PanelContext } from "../open.ts";

/** Where sequences and mailboxes are kept: Cadenza's own pages. */
export const cadenzaAddress = ({ options }: Pick<PanelContext, "options">): string =>
  new URL("/app", options.api ?? import.meta.url).href;
