// Sends dropped files into the inbox and follows jobs. Everything else is plain HTML and works without this file.
"use strict";

const POLL_MILLISECONDS = 700;

function follow(panel) {
  const says = panel.querySelector(".says");
  const bar = panel.querySelector("progress");
  const look = async () => {
    let job;
    try {
      const answer = await fetch("/api/jobs/" + panel.dataset.job, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      job = await answer.json();
    } catch {
      says.textContent = panel.dataset.lost;
      setTimeout(look, 4 * POLL_MILLISECONDS);
      return;
    }
    says.textContent = job.says;
    if (["waiting", "running", "cancelling"].includes(job.status)) {
      if (job.progress.total > 9) {
        bar.max = job.progress.total;
        bar.value = job.progress.done;
      } else {
        bar.removeAttribute("value");
      }
      setTimeout(look, POLL_MILLISECONDS);
      return;
    }
    const next = new URL(panel.dataset.here, location.href);
    if (job.status !== "done") next.searchParams.set("job", job.id);
    location.replace(next);
  };
  setTimeout(look, POLL_MILLISECONDS);
}

function send(box, file, line) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    line.textContent = box.dataset.sending.replace("{name}", file.name) + " ";
    line.append(bar);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    };
    request.onloadend = () => {
      const sent = request.status === 201;
      if (!sent) {
        let reason = "";
        try {
          const error = JSON.parse(request.responseText).error;
          reason = ": " + error.happened + " (" + error.fix + ")";
        } catch {
          reason = "";
        }
        line.className = "failed";
        line.textContent = box.dataset.failed.replace("{name}", file.name) + reason;
      }
      resolve(sent);
    };
    request.open("POST", box.dataset.upload + "?name=" + encodeURIComponent(file.name));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Accept", "application/json");
    request.send(file);
  });
}

async function sendAll(box, files) {
  const list = box.querySelector(".files");
  let allSent = true;
  for (const file of files) {
    const line = document.createElement("li");
    list.append(line);
    if (!(await send(box, file, line))) allSent = false;
  }
  if (files.length && allSent) location.replace(location.pathname);
}

function receive(box) {
  const chooser = box.querySelector("input[type=file]");
  chooser.addEventListener("change", () => sendAll(box, [...chooser.files]));
  for (const name of ["dragenter", "dragover"]) {
    box.addEventListener(name, (event) => {
      event.preventDefault();
      box.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) box.addEventListener(name, () => box.classList.remove("over"));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    sendAll(box, [...event.dataTransfer.files]);
  });
}

// Empty fields stay out of the address, so that it says only what was asked.
function tidy(form) {
  form.addEventListener("submit", () => {
    for (const field of form.querySelectorAll("input, select, textarea")) {
      if (field.type !== "checkbox" && field.type !== "hidden" && field.value.trim() === "") field.disabled = true;
    }
  });
}

document.querySelectorAll("[data-job]").forEach(follow);
document.querySelectorAll("[data-upload]").forEach(receive);
document.querySelectorAll("form.ask").forEach(tidy);
