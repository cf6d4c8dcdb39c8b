/** Where things stand in Sales Navigator: `data-anonymize` names what each element holds, and has for years. */
import type { SelectorTable } from "./facts.ts";
import { selectorsOf } from "./selectors.ts";

export const salesnavSelectors = {
  main: ["main", '[role="main"]', "#content-main", "body"],
  leadName: [
    'h1[data-anonymize="person-name"]',
    'h1 [data-anonymize="person-name"]',
    '[data-anonymize="person-name"]',
  ],
  leadCard: [
    "#profile-card-section",
    '[data-sn-view-name="lead-profile-card"]',
    "[data-x--lead-profile-card]",
  ],
  leadHeadline: ["[data-x--lead-profile-card--headline]", '[data-anonymize="headline"]'],
  leadExperience: [
    "#experience-section",
    '[data-sn-view-name="feature-lead-experience"]',
    '[id*="experience" i]',
  ],
  currentRole: ['[data-sn-view-name="lead-current-role"]', '[data-sn-view-name*="current-role"]'],

  name: ['[data-anonymize="person-name"]'],
  title: ['[data-anonymize="title"]', '[data-anonymize="job-title"]'],
  jobTitle: ['[data-anonymize="job-title"]', '[data-anonymize="title"]'],
  company: ['[data-anonymize="company-name"]'],
  location: ['[data-anonymize="location"]', '[data-anonymize="geography"]'],
  headline: ['[data-anonymize="headline"]'],
  email: ['[data-anonymize="email"]', 'a[href^="mailto:" i]'],
  phone: ['[data-anonymize="phone"]', 'a[href^="tel:" i]'],
  profileLink: ['a[href*="/in/"]'],
  row: ["li, tr, [role=row], [role=listitem]"],
} as const satisfies SelectorTable;

export const salesnav = (prepended: SelectorTable) => selectorsOf(salesnavSelectors, prepended);
export type SalesNavFinder = ReturnType<typeof salesnav>;
