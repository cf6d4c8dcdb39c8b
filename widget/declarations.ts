/**
 * What hosts are typed against, as one file that imports nothing: the published types, cut out of the sources that
 * use them, so that they cannot say anything else; and the elements as a host meets them.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { entityTypes } from "../shared/src/vocabulary.ts";

/** In this order. What is not exported there is not exported here either. */
const published: Record<string, string[]> = {
  "events.ts": ["CadenzaEvents", "CadenzaEventName", "RecordKey", "KnownPerson", "PanelOptions"],
  "host/mount.ts": ["Mounted", "mount"],
  "sequences/page.ts": ["Told", "CadenzaSequencesEvents", "CadenzaSequencesEventName", "SequencesOptions"],
};

const head = `/**
 * Cadenza in a page: \`<cadenza-panel>\`, \`<cadenza-sequences>\` and \`mount\`. Written by the panel's build; how to use it is
 * told in docs/embed.md.
 */
export type EntityType = ${entityTypes.map((type) => `"${type}"`).join(" | ")};

/** One request of the API by the name it has there, with \`params\`, \`query\` and \`body\`: for hosts that have a way of their own. */
// biome-ignore lint/suspicious/noExplicitAny: the API's own types are not published
export type Client = (name: any, request?: any) => Promise<any>;
`;

const tail = `declare class CadenzaElement<Options> extends HTMLElement {
  static readonly observedAttributes: string[];
  /** What has no attribute, or is not text: \`getToken\`, \`client\`, \`person\`. What is left out stays as it was. */
  set options(given: Partial<Options>);
  /** Looks again at what it shows, say after the host changed the record. */
  refresh(): void;
}

/** Attributes: \`app\`, \`token\`, \`entity-type\`, \`entity-id\`, \`system\`, \`contact-id\`, \`email\`, \`api\`, \`locale\`. */
export declare class CadenzaPanel extends CadenzaElement<PanelOptions> {}

/** Attributes: \`app\`, \`token\`, \`sequence-id\`, \`api\`, \`locale\`. */
export declare class CadenzaSequences extends CadenzaElement<SequencesOptions> {}

type CadenzaEventMap = {
  [Name in keyof (CadenzaEvents & CadenzaSequencesEvents)]: CustomEvent<(CadenzaEvents & CadenzaSequencesEvents)[Name]>;
};

declare global {
  // They bubble: heard on the element, on what is around it, on the document and the window.
  interface GlobalEventHandlersEventMap extends CadenzaEventMap {}
  interface HTMLElementTagNameMap {
    "cadenza-panel": CadenzaPanel;
    "cadenza-sequences": CadenzaSequences;
  }
}

export {};
`;

export function declarations(): string {
  const parts = Object.entries(published).flatMap(([file, names]) => {
    const source = sourceOf(file);
    return names.map((name) => declarationOf(source, name));
  });
  return [head, ...parts, tail].join("\n");
}

function sourceOf(file: string): ts.SourceFile {
  const path = join(import.meta.dirname, "src", file);
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
}

function declarationOf(source: ts.SourceFile, name: string): string {
  const found = source.statements.find(
    (statement) =>
      (ts.isTypeAliasDeclaration(statement) || ts.isFunctionDeclaration(statement)) &&
      statement.name?.text === name,
  ) as ts.TypeAliasDeclaration | ts.FunctionDeclaration | undefined;
  if (!found) throw new Error(`${source.fileName} declares no ${name} to publish`);
  const comments = ts.getJSDocCommentsAndTags(found).map((comment) => `${comment.getText()}\n`);
  const end = ts.isFunctionDeclaration(found) ? found.body!.pos : found.end;
  const text = source.text.slice(found.getStart(), end).trim();
  return `${comments.join("")}${ts.isFunctionDeclaration(found) ? `${text.replace("function", "declare function")};` : text}\n`;
}
