/** `pnpm tick`: one turn of the engine by hand, as the cron takes it; and what came of it, in words. */
import type { AnswerOf } from "@cadenza/shared/client";
import { argumentsOf, clientOf, helpOption, Refusal, run } from "./command-line.ts";

const usage = `pnpm tick [--api URL] [--token TOKEN]

  --api URL      where the Worker is        (else CADENZA_API, else http://127.0.0.1:8787)
  --token TOKEN  the operator's service token (else CADENZA_SERVICE_TOKEN; "local-service-token" under pnpm dev)`;

await run(async () => {
  const { values, positionals } = argumentsOf(process.argv.slice(2), {
    api: { type: "string" },
    token: { type: "string" },
    ...helpOption,
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (positionals.length) throw new Refusal(`"${positionals.join(" ")}" is nothing it takes.\n\n${usage}`);
  const token = values.token ?? process.env.CADENZA_SERVICE_TOKEN;
  if (!token) throw new Refusal("Give the service token: --token … or CADENZA_SERVICE_TOKEN.");
  const { shards } = await clientOf(values.api, token)("internal.run");
  for (const shard of shards)
    console.log(shards.length > 1 ? `shard ${shard.shard}: ${inWords(shard)}` : inWords(shard));
  return 0;
});

function inWords({ tick, deliver, recover }: AnswerOf<"internal.run">["shards"][number]): string {
  const said = [
    some(tick.claimed, "was due", "were due"),
    some(tick.sends, "mail was queued", "mails were queued"),
    some(tick.tasks, "task was made", "tasks were made"),
    some(tick.waits, "waits on", "wait on"),
    some(tick.finished, "ended", "ended"),
    some(tick.paused, "was paused", "were paused"),
    some(tick.overtaken, "changed meanwhile and was left alone", "changed meanwhile and were left alone"),
    some(deliver.sent, "mail was sent", "mails were sent"),
    some(deliver.deferred, "mail was put off", "mails were put off"),
    some(deliver.canceled, "mail was taken back", "mails were taken back"),
    some(deliver.failed, "mail was refused", "mails were refused"),
    some(deliver.uncertain, "mail is uncertain", "mails are uncertain"),
    some(deliver.unresolved, "mail is still unresolved", "mails are still unresolved"),
    some(recover.released, "claim ran out and was released", "claims ran out and were released"),
    some(recover.resolved, "mail left in flight was resolved", "mails left in flight were resolved"),
    some(recover.open, "mail left in flight is still open", "mails left in flight are still open"),
  ].filter((part) => part !== null);
  const rest = tick.drained && deliver.drained ? "" : " There is more to do.";
  return (said.length ? `${said.join(", ")}.` : "Nothing was due.") + rest;
}

function some(count: number, one: string, many: string): string | null {
  return count ? `${count} ${count === 1 ? one : many}` : null;
}
