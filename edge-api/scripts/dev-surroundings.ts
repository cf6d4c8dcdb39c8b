/** What surrounds the Worker where it is deployed and `wrangler dev` leaves out. Used by `pnpm dev`. */
import { connect } from "node:net";

const minuteMs = 60_000;

/** Fires the engine's cron at every full minute, as the platform does. While the Worker is not up, nothing happens. */
export function everyMinute(url: string): void {
  const cron = `${url}/cdn-cgi/local/scheduled?cron=${encodeURIComponent("* * * * *")}`;
  const wait = () => {
    setTimeout(
      () => {
        wait();
        fetch(cron).catch(() => {});
      },
      minuteMs - (Date.now() % minuteMs),
    ).unref();
  };
  wait();
}

/** Asked by knocking: who listens on one address of this machine does not keep others from listening on another. */
export async function isTaken(port: number): Promise<boolean> {
  const answers = await Promise.all(
    ["127.0.0.1", "::1"].map(
      (host) =>
        new Promise<boolean>((done) => {
          const socket = connect({ host, port });
          socket.once("connect", () => {
            socket.destroy();
            done(true);
          });
          socket.once("error", () => done(false));
        }),
    ),
  );
  return answers.includes(true);
}
