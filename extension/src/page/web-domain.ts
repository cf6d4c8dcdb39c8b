/** What an address's domain says of the company behind it: enough to bear out a name that is written down, never to invent one. */
import { folded } from "./text.ts";

/** "contosolabs" for dana@mail.contoso-labs.co.uk, and for each site named in the text. Freemail says nothing. */
export function companyLabels(email: string, text: string): string[] {
  const sites = [...text.slice(0, 5_000).matchAll(/(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})/giu)].map(
    ([, host]) => host!,
  );
  return [email.slice(email.lastIndexOf("@") + 1), ...sites]
    .map((host) => registrable(host.toLowerCase()))
    .filter((label) => label.length >= 2 && !publicHosts.has(label));
}

function registrable(host: string): string {
  const parts = host.split(".");
  const hasPublicSecond =
    parts.length > 2 &&
    /^(co|com|org|net|gov|gob|ac|edu|or|ne|gmbh)$/.test(parts.at(-2)!) &&
    parts.at(-1)!.length === 2;
  return folded(parts.at(hasPublicSecond ? -3 : -2) ?? "").replaceAll(" ", "");
}

const publicHosts = new Set(
  [
    "gmail googlemail outlook hotmail live msn yahoo ymail aol icloud me mac gmx web tonline freenet mail proton",
    "protonmail pm zoho yandex qq 163 126 sina naver daum orange free laposte wanadoo sfr libero virgilio tiscali terra",
    "uol bol telefonica comcast verizon att btinternet sky virginmedia telia seznam wp onet interia fastmail hey",
    "linkedin twitter x xing facebook instagram youtube calendly google zoom microsoft github medium",
  ]
    .join(" ")
    .split(" "),
);

/** Whether a written name and a domain are the same company's: the same letters, one within the other, or the initials. */
export function isBorneOut(name: string, labels: string[]): boolean {
  const words = folded(name.replace(/\(.*?\)/gu, ""))
    .split(" ")
    .filter(Boolean);
  const letters = words.join("");
  const initials = words.map((word) => word[0]).join("");
  if (letters.length < 2 || words.length > 8) return false;
  return labels.some(
    (label) =>
      label === letters ||
      (letters.length >= 4 && label.startsWith(letters)) ||
      (label.length >= 4 && letters.startsWith(label)) ||
      (label.length >= 3 && initials === label) ||
      (words[0]!.length >= 4 && words[0] === label),
  );
}
