/**
 * Mail addresses as pages write them: which string is one, which belong to a shared mailbox or to nobody at all. What
 * decides whether a mail may go out is the server's; this only decides who is preselected on a card.
 */
import type { Warning } from "./facts.ts";

/** An address in lower case, or null for anything else ("...", a name, two addresses). */
export function parseAddress(text: string | null | undefined): string | null {
  const address = (text ?? "").trim().toLowerCase();
  return address.length <= 254 && pattern.test(address) ? address : null;
}
const pattern =
  /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*@([\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]*\p{L}[\p{L}\p{N}-]*$/u;

/** `Dana Whitfield <dana@x.example>, "Ortega, Luis" <luis@x.example>`: a recipient field's text. */
export function parseAddressList(text: string): { name: string | null; email: string }[] {
  const found: { name: string | null; email: string }[] = [];
  for (const entry of text.slice(0, 100_000).match(/(?:"[^"]*"|[^,;"\n])+/g) ?? []) {
    const [, name, inBrackets] = /^([^<]*)<([^<>]*)>\s*$/.exec(entry) ?? [null, "", entry];
    const email = parseAddress(inBrackets);
    if (email)
      found.push({
        name:
          name
            ?.trim()
            .replace(/^["']|["']$/g, "")
            .trim() || null,
        email,
      });
  }
  return found;
}

/** What a rep should know about an address before picking it. */
export function addressWarning(email: string): Warning | null {
  const local = email.slice(0, email.lastIndexOf("@"));
  if (noReply.test(local)) return "no_reply";
  const [first = "", ...rest] = local.split(/[.+_-]/);
  const shared = sharedMailboxes.has(local) || (sharedMailboxes.has(first) && rest.every(isQualifier));
  return shared ? "role_address" : null;
}

const noReply = new RegExp(
  `(^|[._+-])(${[
    ...[
      "no[._-]?reply",
      "do[._-]?not[._-]?reply",
      "dont[._-]?reply",
      "no[._-]?responder?",
      "no[._-]?contestar",
    ],
    ...["nao[._-]?respond[ae]r?", "ne[._-]?pas[._-]?repondre", "nicht[._-]?antworten", "keine[._-]?antwort"],
    ...["non[._-]?rispondere", "niet[._-]?beantwoorden", "svara[._-]?ej", "ikke[._-]?svar"],
    ...["mailer-daemon", "bounces?", "notifications?", "notify", "automailer", "unsubscribe"],
  ].join("|")})([._+-]|\\d|$)`,
);

const sharedMailboxes = new Set(
  [
    "abuse account accounting accounts admin administration administrator all anfrage anfragen ap ar billing board",
    "bookings buchhaltung career careers central commercial compliance compras comptabilite contabilidad contact",
    "contacto contacts contato customercare customerservice customersuccess datenschutz desk dpo einkauf enquiries",
    "enquiry everyone events facturacion facturation feedback finance hallo hello help helpdesk hi hola hostmaster hr",
    "info inbox inquiries invoice invoices it jobs kontakt kundenservice legal mail mailbox marketing media news",
    "newsletter office operations ops orders partner partners partnerships payroll people personal post postmaster",
    "presse press privacy procurement purchasing rechnung rechnungen reception recruiting recruitment rh root sales",
    "secretariat security sekretariat service services shop soporte staff suppliers support team tech vendite vendors",
    "ventas verkauf vertrieb webmaster welcome zentrale",
  ]
    .join(" ")
    .split(" "),
);

/** "sales.emea", "support-2", "info-team": still a shared mailbox. "info.mueller" is somebody's. */
const isQualifier = (word: string) =>
  sharedMailboxes.has(word) ||
  /^(\d*|team|dept|department|group|europe|emea|apac|latam|dach|north|south|east|west|global|intl|international|[a-z]{2}|usa)$/.test(
    word,
  );
