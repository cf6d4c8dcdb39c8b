/** What is due today for whoever is signed in: a call is dialled, a LinkedIn text copied, the rest done in the panel. */
import { useState } from "react";
import { profileToOpen, wayOf } from "../actions/task-ways.ts";
import { refusalOf } from "../api/refusal.ts";
import { relayedClient } from "../api/relayed-client.ts";
import { Button } from "../components/button.tsx";
import { useBackground } from "../components/use-background.ts";
import { useWords } from "../components/use-language.ts";
import type { Language } from "../words/words.ts";
import { nameOf } from "./name-of.ts";

type Task = {
  id: string;
  contactId: string;
  contact?: {
    email: string | null;
    firstName: string | null;
    lastName: string | null;
    phone: string | null;
  };
  type: string;
  kind: string | null;
  title: string;
  body: string;
  dueAt: string;
};
type Props = { memberId: string; language: Language; onOpen(contactId: string): void };
const most = 50;

export function Today({ memberId, language, onOpen }: Props) {
  const words = useWords();
  const end = new Date();
  end.setHours(23, 59, 59, 999);
  const query = { ownerId: memberId, dueUntil: end.toISOString(), limit: most };
  const { answer, refusal, again } = useBackground("api.ask", { route: "tasks.list", query });
  const page = answer as { items: Task[]; nextCursor: string | null } | null;
  return (
    <section className="block">
      <h2>{words.today}</h2>
      {refusal && (
        <div role="status">
          <p className="bad">{refusal.detail}</p>
          <div className="row">
            <Button onClick={again}>{words.retry}</Button>
          </div>
        </div>
      )}
      {page?.items.length === 0 && <p className="soft">{words.noTasks}</p>}
      <ul className="tasks">
        {page?.items.map((task) => (
          <li key={task.id}>
            <OneTask task={task} language={language} onOpen={() => onOpen(task.contactId)} />
          </li>
        ))}
      </ul>
      {page?.nextCursor && <p className="soft">{words.moreTasks(most)}</p>}
    </section>
  );
}

function OneTask({ task, language, onOpen }: { task: Task; language: Language; onOpen(): void }) {
  const words = useWords();
  const [said, say] = useState("");
  const name = nameOf(task.contact) ?? task.contact?.email ?? words.somebody;
  const way = wayOf(task);
  const due = new Date(task.dueAt);
  const isOld = due.toDateString() !== new Date().toDateString();
  const when = isOld
    ? words.overdue(due.toLocaleDateString(language, { weekday: "short", day: "numeric", month: "short" }))
    : due.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });

  async function toProfile() {
    try {
      const { linkedinUrl } = await relayedClient("contacts.get", { params: { id: task.contactId } });
      const url = profileToOpen(linkedinUrl);
      if (!url) return say(words.noProfile);
      await navigator.clipboard.writeText(task.body);
      say(words.copied);
      await chrome.tabs.create({ url });
    } catch (error) {
      say(refusalOf(error).detail);
    }
  }

  return (
    <>
      <button type="button" className="whole" onClick={onOpen}>
        <b>{task.title}</b>
        <small>
          {name} · <time dateTime={task.dueAt}>{when}</time>
        </small>
      </button>
      {way.name === "call" && (
        <a className="button" href={way.href}>
          {words.call(name)}
        </a>
      )}
      {way.name === "linkedin" && <Button onClick={() => void toProfile()}>{words.openProfile}</Button>}
      <p role="status" className="soft">
        {said}
      </p>
    </>
  );
}
