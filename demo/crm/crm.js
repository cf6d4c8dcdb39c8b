/** The CRM's own script: it goes from lead to lead without a reload, and tells in a toast what happened in the panel. */
const panel = document.querySelector("cadenza-panel");
const toast = document.getElementById("toast");

for (const search of document.querySelectorAll(".search")) {
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    for (const lead of document.querySelectorAll("[data-lead]")) {
      lead.hidden = !lead.textContent.toLowerCase().includes(wanted);
    }
  });
}

if (panel) {
  document.querySelector("[aria-current=page]")?.scrollIntoView({ block: "nearest" });
  customElements.whenDefined("cadenza-panel").then(() => {
    panel.options = {
      getToken: async () => (await fetch("/cadenza-token")).text(),
      person: personOn(document),
    };
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("nav a");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    show(link.href);
  });
  addEventListener("popstate", () => show(location.href));

  const told = {
    "cadenza:enrolled": ({ sequenceName }) => `${nameOn()} is in “${sequenceName}”`,
    "cadenza:paused": () => `The sequence of ${nameOn()} is paused`,
    "cadenza:resumed": () => `The sequence of ${nameOn()} goes on`,
    "cadenza:canceled": () => `${nameOn()} is out of the sequence`,
    "cadenza:task-done": () => `Done for ${nameOn()}`,
  };
  for (const [name, text] of Object.entries(told)) {
    document.addEventListener(name, ({ detail }) => say(text(detail)));
  }
}

/** The panel stays where it is and is told of the other lead by one attribute. */
async function show(address) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) {
    location.assign(address);
    return;
  }
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  // Somebody was faster than the network: what they asked for last is shown.
  if (address !== location.href) return;
  document.title = next.title;
  document.getElementById("lead").replaceWith(next.getElementById("lead"));
  for (const link of document.querySelectorAll("nav a")) {
    if (link.href === address) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  panel.options = { person: personOn(document) };
  panel.setAttribute("entity-id", document.getElementById("lead").dataset.id);
}

const personOn = (page) => JSON.parse(page.getElementById("lead").dataset.person);
const nameOn = () => document.getElementById("lead").dataset.name;

let hiding;
function say(text) {
  clearTimeout(hiding);
  toast.textContent = text;
  hiding = setTimeout(() => {
    toast.textContent = "";
  }, 6_000);
}
