// Signed out: the door's lists of names go from this machine, with the pages kept for it. Arrivals that wait to be sent
// hold no names and stay, so that none is lost.
(() => {
  try {
    Object.keys(localStorage).filter((key) => key.startsWith("door:list:")).forEach((key) => localStorage.removeItem(key));
  } catch { /* a browser that keeps nothing */ }
  window.caches?.keys().then((names) => names.filter((name) => name.startsWith("cua-")).forEach((name) => caches.delete(name)));
})();
