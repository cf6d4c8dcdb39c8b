/** What a member is told by mail: sentences, and where to choose what one is told. */
import { escapeHtml } from "../domain/message.ts";
import type { SystemMail } from "../domain/system.ts";

export function noticeMail(publicUrl: string, to: string, subject: string, lines: string[]): SystemMail {
  const choose = `${publicUrl}/app/settings`;
  const said = lines.map((line) => line.replace(/\s+/g, " "));
  return {
    to,
    subject,
    text: `${said.map((line) => `- ${line}`).join("\n")}\n\nWhat you are told by mail is up to you: ${choose}\n`,
    html: `<ul>${said.map((line) => `<li>${escapeHtml(line)}</li>`).join("")}</ul><p><a href="${escapeHtml(choose)}">Choose what you are told by mail</a></p>`,
  };
}
