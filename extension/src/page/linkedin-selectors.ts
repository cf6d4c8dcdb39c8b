/**
 * Where things stand on LinkedIn. Addresses of links, ids, roles and `data-*` only: class names are rewritten with every
 * build. A workspace may prepend candidates of its own under the same keys.
 */
import type { SelectorTable } from "./facts.ts";
import { selectorsOf } from "./selectors.ts";

export const linkedinSelectors = {
  main: ["main", '[role="main"]', "#profile", "#main", "#profile-content", "#profile-wrapper", "body"],
  title: ["head > title", "title"],
  canonical: ['link[rel="canonical"]', 'meta[property="og:url"]', 'meta[name="og:url"]'],
  structuredData: ['script[type="application/ld+json"]'],
  givenName: ['meta[property="profile:first_name"]'],
  surname: ['meta[property="profile:last_name"]'],
  nav: ["header, nav, [role=banner]"],

  topCard: [
    '[id^="com.linkedin.sdui.profile.card"][id$="Topcard" i]',
    '[componentkey^="com.linkedin.sdui.profile.card"][componentkey$="Topcard" i]',
    '[data-view-name="profile-top-card"], [data-view-name="profile-topcard"]',
    "#topcard",
    "#top-card",
  ],
  heading: ["h1", 'h2, h3, [role="heading"]'],
  contactInfo: [
    'a[href*="/overlay/contact-info"]',
    'a[href*="/detail/contact-info"]',
    '[data-tracking-control-name*="contact-info"]',
  ],
  currentCompany: [
    '[data-section="currentPositionsDetails"]',
    "#overview-summary-current td",
    '[data-field="experience_company"]',
    'a[href="#experience"], a[href$="#experience"]',
    'button[data-control-name="position_see_more"]',
  ],
  /** Controls whose label reads "Current company: …". */
  labelledButton: ["button[aria-label], a[aria-label], [role=button][aria-label]"],
  /** Lines of a top card that lead to a company or school. */
  affiliation: [
    'a[href*="/company/"], a[href*="/school/"], a[href*="/edu/"], a[href*="#experience"], a[href*="#education"]',
  ],

  experience: [
    '[data-section="experience"]',
    "#experience-section",
    "#background-experience",
    '[id^="com.linkedin.sdui.profile.card"][id*="Experience" i]:not([id*="Volunteer" i])',
    '[componentkey^="com.linkedin.sdui.profile.card"][componentkey*="Experience" i]:not([componentkey*="Volunteer" i])',
    "#experience",
  ],
  sectionHeading: ['h1, h2, h3, h4, [role="heading"]'],

  mail: ['a[href^="mailto:" i]'],
  phone: ['a[href^="tel:" i]'],
  profileLink: ['a[href*="/in/"]'],

  result: [
    '[role="listitem"]',
    "li",
    '[data-chameleon-result-urn], [data-view-name*="search-entity-result"]',
  ],
} as const satisfies SelectorTable;

export const linkedin = (prepended: SelectorTable) => selectorsOf(linkedinSelectors, prepended);
export type LinkedInFinder = ReturnType<typeof linkedin>;
