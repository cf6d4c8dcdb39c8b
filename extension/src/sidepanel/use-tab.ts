/** The tab this side panel stands beside, followed as the person goes from one to another. Its address is not asked. */
import { useEffect, useState } from "react";

export function useTab(): number | null {
  const [tabId, set] = useState<number | null>(null);
  useEffect(() => {
    const look = async () => {
      const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
      set(tab?.id ?? null);
    };
    void look();
    chrome.tabs.onActivated.addListener(look);
    return () => chrome.tabs.onActivated.removeListener(look);
  }, []);
  return tabId;
}
