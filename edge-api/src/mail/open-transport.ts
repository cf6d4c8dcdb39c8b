/** A mailbox's row → the way its mail goes out. */
import type { MailboxSettings } from "../domain/system.ts";
import type { Transport } from "../domain/transport.ts";
import { unseal } from "./seal.ts";
import { type SmtpSettings, smtpTransport } from "./smtp.ts";
import { testTransport } from "./test-transport.ts";

export async function openTransport(
  mailbox: MailboxSettings,
  wire: { secret: string; wireTimeoutMs: number },
): Promise<Transport> {
  if (mailbox.transport === "test") return testTransport;
  const password = mailbox.sealedSecret === null ? null : await unseal(mailbox.sealedSecret, wire.secret);
  const settings = { ...mailbox.settings, password } as SmtpSettings;
  return smtpTransport(settings, { wireTimeoutMs: wire.wireTimeoutMs });
}
