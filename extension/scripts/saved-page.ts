/** What a person gives the page commands: a file and the address it was saved from, or a sentence on what is wrong. */
import { readFileSync } from "node:fs";
import { fileFrom, Refusal } from "../../edge-api/scripts/command-line.ts";

export function webAddress(given: string): string {
  if (URL.canParse(given) && /^https?:$/.test(new URL(given).protocol)) return given;
  throw new Refusal(`"${given}" is no address: write one like https://mail.google.com/mail/u/0/#inbox.`);
}

export function readSavedPage(path: string): Buffer {
  try {
    return readFileSync(fileFrom(path));
  } catch (error) {
    throw new Refusal(`${path} cannot be read: ${(error as Error).message}`);
  }
}
