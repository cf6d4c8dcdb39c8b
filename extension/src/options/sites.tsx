/** Which sites the extension may read: Gmail comes with it, LinkedIn is asked for and can be taken back here. */
import { useEffect, useState } from "react";
import { Button } from "../components/button.tsx";
import { useWords } from "../components/use-language.ts";

const linkedin = { origins: ["https://www.linkedin.com/*"] };

export function Sites() {
  const words = useWords();
  const [isOn, set] = useState<boolean | null>(null);
  useEffect(() => {
    const look = () => void chrome.permissions.contains(linkedin).then(set);
    look();
    chrome.permissions.onAdded.addListener(look);
    chrome.permissions.onRemoved.addListener(look);
    return () => {
      chrome.permissions.onAdded.removeListener(look);
      chrome.permissions.onRemoved.removeListener(look);
    };
  }, []);
  return (
    <section aria-labelledby="sites">
      <h2 id="sites">{words.sitesTitle}</h2>
      <ul className="sites">
        <li>
          <div>
            <b>Gmail</b>
            <p className="soft">{words.gmailWhy}</p>
          </div>
          <span className="soft">{words.always}</span>
        </li>
        <li>
          <div>
            <b>LinkedIn</b> <span className="soft">{isOn === null ? "" : isOn ? words.on : words.off}</span>
            <p className="soft">{words.linkedinWhy}</p>
          </div>
          <Button
            onClick={() =>
              void (isOn ? chrome.permissions.remove(linkedin) : chrome.permissions.request(linkedin))
            }
          >
            {isOn ? words.switchOff("LinkedIn") : words.switchOn("LinkedIn")}
          </Button>
        </li>
      </ul>
    </section>
  );
}
