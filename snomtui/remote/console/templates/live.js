(function () {
  if (!window.EventSource || !window.fetch) { return; }
  var due = false;
  function open(node) {
    return Array.prototype.map.call(node.querySelectorAll("details[open]"), function (each) { return each.id; });
  }
  function fresh() {
    due = false;
    fetch("/" + location.search, { credentials: "same-origin" }).then(function (answer) {
      return answer.ok ? answer.text() : Promise.reject();
    }).then(function (text) {
      var page = new DOMParser().parseFromString(text, "text/html");
      ["live", "journal"].forEach(function (id) {
        var now = page.getElementById(id), here = document.getElementById(id);
        if (!now || !here || here.contains(document.activeElement)) { return; }
        var unfolded = open(here);
        here.innerHTML = now.innerHTML;
        unfolded.forEach(function (each) {
          var found = document.getElementById(each);
          if (found) { found.open = true; }
        });
      });
    }).catch(function () {});
  }
  function soon() {
    if (!due) { due = true; setTimeout(fresh, 1500); }
  }
  new EventSource("/api/v1/events").onmessage = soon;
  setInterval(soon, 10000);
})();
