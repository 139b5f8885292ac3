(function () {
  if (!window.EventSource || !window.fetch) { return; }
  var due = false;
  function fresh() {
    due = false;
    fetch("/index.htm", { credentials: "same-origin" }).then(function (answer) {
      return answer.ok ? answer.text() : Promise.reject();
    }).then(function (text) {
      var page = new DOMParser().parseFromString(text, "text/html");
      var now = page.getElementById("live"), here = document.getElementById("live");
      if (now && here) { here.innerHTML = now.innerHTML; }
    }).catch(function () {});
  }
  new EventSource("/api/v1/events").onmessage = function () {
    if (!due) { due = true; setTimeout(fresh, 300); }
  };
})();
