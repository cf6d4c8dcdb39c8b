/** A mailbox's row → the way its mail goes out. */
import type { MailboxSettings } from "../domain/system.ts";
import type { Transport } from "../domain/transport.ts";
import { unseal } from "./seal.ts";
import { type SmtpSettings, smtpTransport } from "./smtp.ts";

export async function openTransport(
  mailbox: MailboxSettings,
  wire: { secret: string; wireTimeoutMs: number },
): Promise<Transport> {
  if (mailbox.transport !== "smtp") throw new Error(`there is no transport "${mailbox.transport}"`);
  const password = mailbox.sealedSecret === null ? null : await unseal(mailbox.sealedSecret, wire.secret);
  const settings = { ...mailbox.settings, password } as SmtpSettings;
  return smtpTransport(settings, { wireTimeoutMs: wire.wireTimeoutMs });
}
