/**
 * Facts in the form of a fixture's `expect`: snake_case, plain JSON, elements replaced by a selector. What
 * `pnpm read-page` prints, what tests compare and what `pnpm new-page` writes as a first expectation.
 */
import type { Compose, PageFacts, Person, PersonPage } from "./facts.ts";

export type Printed = { [key: string]: PrintedValue };
type PrintedValue = string | number | boolean | null | PrintedValue[] | Printed;

export function printed(facts: PageFacts): Printed {
  const about = { reader: facts.reader, confidence: facts.confidence, warnings: [...facts.warnings] };
  switch (facts.type) {
    case "none":
      return { type: "none", ...about };
    case "person":
      return { ...personPage(facts), ...about, warnings: [...facts.person.warnings, ...facts.warnings] };
    case "company": {
      const { name, industry, location, website, profileUrl, sources } = facts;
      return {
        type: "company",
        name,
        industry,
        location,
        website,
        profile_url: profileUrl,
        sources: inSnakeCase(sources),
        ...about,
      };
    }
    case "list":
      return {
        type: "list",
        self: facts.self,
        thread_subject: facts.threadSubject,
        rows: facts.rows.map(person),
        ...about,
      };
    case "thread": {
      const { subject, threadId, self, contacts, primary, composes } = facts;
      const list = { contacts: contacts.map(person), primary, composes: composes.map(compose) };
      return { type: "thread", subject, thread_id: threadId, self, ...list, ...about };
    }
    case "compose": {
      const composes = facts.composes.map(compose);
      // One compose alone is spread over the page's own level as well.
      return {
        type: "compose",
        count: composes.length,
        self: facts.self,
        composes,
        ...(composes.length === 1 ? composes[0] : {}),
        ...about,
      };
    }
  }
}

function personPage({ person: found, viewer }: PersonPage): Printed {
  return { ...person(found), self: found.warnings.includes("self"), viewer };
}

function person(found: Person): Printed {
  return {
    type: "person",
    name: found.name,
    first_name: found.firstName,
    last_name: found.lastName,
    email: found.email,
    role: found.role,
    title: found.title,
    title_source: found.sources.title?.from ?? null,
    company: found.company,
    headline: found.headline,
    location: found.location,
    phone: found.phone,
    profile_url: found.profileUrl,
    thread_id: found.threadId,
    warnings: [...found.warnings],
    sources: inSnakeCase(found.sources),
  };
}

function compose({ to, cc, bcc, subject, inline, body }: Compose): Printed {
  return {
    to: to.map(person),
    cc: cc.map(person),
    bcc: bcc.map(person),
    subject,
    inline,
    body_selector: body && selectorOf(body),
  };
}

/** The first of these that the body answers to; which of several composes owns it is known by the element itself. */
function selectorOf(body: Element): string {
  const forms = [
    'div[g_editable="true"][contenteditable="true"]',
    '[role="textbox"][contenteditable="true"]',
  ];
  return forms.find((css) => body.matches(css)) ?? body.tagName.toLowerCase();
}

function inSnakeCase(sources: Partial<Record<string, { from: string; confidence: string }>>): Printed {
  const entries = Object.entries(sources).map(([field, source]) => [
    field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    { from: source!.from, confidence: source!.confidence },
  ]);
  return Object.fromEntries(entries);
}
