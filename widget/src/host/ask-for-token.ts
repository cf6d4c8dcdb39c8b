/** Asks the host's page for a new token, where the one in use has expired or there was none. */

// biome-ignore lint/suspicious/noConfusingVoidType: whoever hands it in by an attribute returns nothing
export type Ask = () => string | null | undefined | Promise<string | null | undefined> | void;

/** How long a request waits for the page to hand one in. */
const tokenWaitMs = 60_000;

/**
 * @param asks everybody who may know one: the panels of the page.
 * @param listen is given what to call when a token was handed in some other way, say by an attribute.
 * @returns when there is a new one, or it has taken too long.
 */
export const askForToken = (
  asks: Iterable<Ask>,
  offer: (token: string) => void,
  listen: (arrived: () => void) => void,
): Promise<void> =>
  new Promise((done) => {
    listen(done);
    setTimeout(done, tokenWaitMs);
    for (const ask of asks) {
      // A page that cannot say it now may say it later.
      Promise.resolve(ask()).then(
        (given) => given && offer(given),
        () => {},
      );
    }
  });
