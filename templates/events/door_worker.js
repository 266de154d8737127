{% load static %}// Keeps the door's page of one event open while the network is down; it holds nobody's name.
const CACHE = "cua-{{ event.pk|stringformat:"d" }}";
const PAGE = "{% url "events:door" event.pk %}";
const FILES = [
  "{% static "events/door.css" %}", "{% static "events/door.js" %}", "{% static "vendor/jsqr-1.4.0/jsQR.js" %}", "{% static "welfare/favicon.svg" %}",
];
const keep = async (request, answer) => {
  if (answer.ok && !answer.redirected) await (await caches.open(CACHE)).put(request, answer.clone());
  return answer;
};
self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    await Promise.all([PAGE, ...FILES].map(async (path) => keep(path, await fetch(path, { credentials: "same-origin" }))));
    await self.skipWaiting();
  })());
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || ![PAGE, ...FILES].includes(pathname)) return;
  event.respondWith((async () => {
    try {
      return await keep(pathname, await fetch(event.request));
    } catch (error) {
      const kept = await (await caches.open(CACHE)).match(pathname, { ignoreVary: true });
      if (kept) return kept;
      throw error;
    }
  })());
});
