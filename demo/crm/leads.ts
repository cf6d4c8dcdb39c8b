/**
 * The CRM's own leads: the file it once exported for Cadenza, and what only a CRM knows of them. Cadenza is not asked;
 * both know a person by the same record id.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readCsv } from "@cadenza/edge-api/scripts/csv-rows";

export const stages = ["New", "Contacted", "Qualified", "Proposal"] as const;

export type Lead = {
  id: string;
  firstName: string;
  lastName: string;
  email: string;
  title: string;
  phone: string;
  company: string;
  country: string;
  zone: string;
  source: string;
  people: number;
  linkedIn: string;
  notes: string;
  stage: (typeof stages)[number];
  /** Euros a year. */
  value: number;
  owner: string;
  cameOn: string;
};

/** The newest first. */
export function readLeads(): Lead[] {
  const { header, rows } = readCsv(readFileSync(join(import.meta.dirname, "../data/contacts.csv")));
  const leads = rows.flatMap((row) => {
    const cells = "cells" in row ? row.cells : [];
    const cell = (name: string) => cells[header.indexOf(name)]?.trim() ?? "";
    if (cell("Contact Type") !== "Lead" || !cell("Record ID")) return [];
    const [id, people] = [cell("Record ID"), Number(cell("Team Size") || 1)];
    const nth = Number(id) - 50_100;
    return [
      {
        id,
        firstName: cell("First Name"),
        lastName: cell("Last Name"),
        email: cell("Email"),
        title: cell("Job Title"),
        phone: cell("Phone Number"),
        company: cell("Company name"),
        country: cell("Country/Region"),
        zone: cell("Time Zone"),
        source: cell("Lead Source"),
        linkedIn: cell("LinkedIn Profile"),
        notes: cell("Notes"),
        people,
        stage: nth > 37 ? stages[nth > 39 ? 0 : 1] : stages[(nth * 7) % stages.length]!,
        value: Math.max(600, people * 120),
        owner: nth % 3 ? "Robin Reis" : "Mira Costa",
        cameOn: nth > 37 ? "11 January" : `${4 + (nth % 5)} January`,
      },
    ];
  });
  // The file names one of them twice.
  const byId = new Map(leads.map((lead) => [lead.id, lead]));
  return [...byId.values()].sort((one, other) => Number(other.id) - Number(one.id));
}

export const nameOf = ({ firstName, lastName }: Lead): string => `${firstName} ${lastName}`;
