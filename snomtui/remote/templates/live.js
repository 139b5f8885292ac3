// Keeps the parts of the home page as the phone is now. Nodes stay where they can, so that focus and typed text do too.
(function () {
  if (!window.EventSource || !window.fetch) { return; }
  var PARTS = ["calls", "lists", "display", "presence", "identities", "contacts"];
  var due = false, source = null;

  function matches(a, b) {
    return a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id || "") === (b.id || "");
  }

  function find(from, wanted) {
    for (var node = from; node; node = node.nextSibling) {
      if (matches(node, wanted)) { return node; }
    }
    return null;
  }

  function attributes(here, now) {
    var i, each;
    for (i = here.attributes.length - 1; i >= 0; i--) {
      each = here.attributes[i].name;
      if (!now.hasAttribute(each)) { here.removeAttribute(each); }
    }
    for (i = 0; i < now.attributes.length; i++) {
      each = now.attributes[i];
      if (here.getAttribute(each.name) !== each.value) { here.setAttribute(each.name, each.value); }
    }
  }

  function same(here, now) {
    if (here.nodeType !== 1) {
      if (here.nodeValue !== now.nodeValue) { here.nodeValue = now.nodeValue; }
      return;
    }
    // What somebody is choosing or typing is theirs until they leave it.
    if (here === document.activeElement && /^(INPUT|SELECT)$/.test(here.nodeName)) { return; }
    attributes(here, now);
    children(here, now);
  }

  function children(here, now) {
    var place = here.firstChild, next;
    for (var wanted = now.firstChild; wanted; wanted = next) {
      next = wanted.nextSibling;
      var found = find(place, wanted);
      if (!found) {
        here.insertBefore(document.importNode(wanted, true), place);
        continue;
      }
      while (place !== found) {
        var gone = place;
        place = place.nextSibling;
        here.removeChild(gone);
      }
      same(found, wanted);
      place = found.nextSibling;
    }
    while (place) {
      var rest = place;
      place = place.nextSibling;
      here.removeChild(rest);
    }
  }

  function fresh() {
    due = false;
    fetch("/index.htm", { credentials: "same-origin" }).then(function (answer) {
      return answer.ok ? answer.text() : Promise.reject();
    }).then(function (text) {
      var page = new DOMParser().parseFromString(text, "text/html");
      PARTS.forEach(function (part) {
        var now = page.getElementById(part), here = document.getElementById(part);
        if (now && here) { same(here, now); }
      });
    }).catch(function () {});
  }

  function soon() {
    if (!due) { due = true; setTimeout(fresh, 250); }
  }

  // A browser opens few connections to one server: a tab that nobody sees holds none.
  function listen() {
    if (document.hidden) {
      if (source) { source.close(); source = null; }
    } else if (!source) {
      source = new EventSource("/api/v1/events");
      source.onmessage = soon;
      source.onopen = soon;
    }
  }
  document.addEventListener("visibilitychange", listen);
  listen();
})();
