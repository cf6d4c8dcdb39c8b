/** "Enroll in Cadenza" in the menu of the right mouse button: whoever is marked, or linked to, is proposed. */
import { personInText } from "../actions/person-in-text.ts";
import type { Area } from "../storage/area.ts";
import { keepSubject } from "../storage/subjects.ts";

export function offerMenu(): void {
  chrome.contextMenus.removeAll(() => {
    chrome.contextMenus.create({
      id: "enroll",
      title: "Enroll in Cadenza",
      contexts: ["page", "selection", "link"],
    });
  });
}

/** Nobody is enrolled by it: the side panel's form holds what was found, to be looked over. */
export async function proposeFrom(
  session: Area,
  tabId: number,
  clicked: Pick<chrome.contextMenus.OnClickData, "selectionText" | "linkUrl">,
): Promise<void> {
  const linked = /^mailto:([^?]*)/i.exec(clicked.linkUrl ?? "")?.[1];
  const person = personInText(`${clicked.selectionText ?? ""} ${linked ? decoded(linked) : ""}`);
  await keepSubject(session, tabId, { person, isConfirmed: false });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
