/** What can be chosen on the options page; `auto` is the browser's. */
export const languages = ["auto", "en", "de", "es", "fr"] as const;
