/** Pan and zoom, and the run under the pointer shown on the map as well. The page is whole without it. */
export const MAP_SCRIPT = `
"use strict";
(() => {
  const map = document.getElementById("map");
  if (!map) return;
  const home = map.getAttribute("viewBox").split(" ").map(Number);
  let [x, y, w, h] = home;
  const perPixel = () => Math.max(w / map.clientWidth, h / map.clientHeight);
  const scale = (px) => {
    const bar = document.getElementById("scale");
    const wanted = (map.clientWidth * px) / 60;
    const power = 10 ** Math.floor(Math.log10(wanted));
    const m = [5, 2, 1].find((step) => step * power <= wanted) * power;
    const left = x + w / 2 - (map.clientWidth / 2 - 16) * px;
    const bottom = y + h / 2 + (map.clientHeight / 2 - 16) * px;
    bar.setAttribute("transform", "translate(" + left + " " + bottom + ")");
    bar.querySelector("path").setAttribute("d", "M0 0h" + m * 10);
    bar.querySelector("text").textContent = m >= 1000 ? m / 1000 + " km" : m + " m";
  };
  const show = () => {
    map.setAttribute("viewBox", [x, y, w, h].join(" "));
    if (map.clientWidth === 0) return;
    const px = perPixel();
    map.style.setProperty("--unit", px);
    scale(px);
  };
  const zoom = (by, cx = x + w / 2, cy = y + h / 2) => {
    const k = Math.min(Math.max(w * by, 200), 4 * home[2]) / w;
    [x, y, w, h] = [cx - (cx - x) * k, cy - (cy - y) * k, w * k, h * k];
    show();
  };
  const at = (event) => {
    const box = map.getBoundingClientRect();
    const px = perPixel();
    return [x + w / 2 + (event.clientX - box.left - box.width / 2) * px,
      y + h / 2 + (event.clientY - box.top - box.height / 2) * px];
  };
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => {
      if (button.dataset.zoom !== "0") return zoom(Number(button.dataset.zoom));
      [x, y, w, h] = home;
      show();
    });
  }
  map.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(2 ** (event.deltaY / 240), ...at(event));
  }, { passive: false });
  map.addEventListener("dblclick", (event) => zoom(0.5, ...at(event)));
  map.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (step) [x, y] = [x + (step[0] * w) / 10, y + (step[1] * h) / 10];
    else if (event.key === "+" || event.key === "-") return zoom(event.key === "+" ? 0.625 : 1.6);
    else return;
    event.preventDefault();
    show();
  });
  const fingers = new Map();
  map.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    fingers.set(event.pointerId, event);
    map.setPointerCapture(event.pointerId);
  });
  map.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const px = perPixel();
    const other = [...fingers.values()].find((finger) => finger.pointerId !== event.pointerId);
    fingers.set(event.pointerId, event);
    if (other) {
      const apart = (finger) => Math.hypot(finger.clientX - other.clientX, finger.clientY - other.clientY);
      return zoom(apart(before) / Math.max(1, apart(event)), ...at(other));
    }
    x -= (event.clientX - before.clientX) * px;
    y -= (event.clientY - before.clientY) * px;
    show();
  });
  for (const end of ["pointerup", "pointercancel"]) map.addEventListener(end, (event) => fingers.delete(event.pointerId));
  document.addEventListener("pointerover", (event) => {
    for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
    const run = event.target.dataset && event.target.dataset.run;
    if (run) for (const same of document.querySelectorAll('[data-run="' + run + '"]')) same.classList.add("lit");
  });
  new ResizeObserver(show).observe(map);
  addEventListener("beforeprint", () => { [x, y, w, h] = home; show(); });
})();
`;
