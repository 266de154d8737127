// Says which file was chosen and, before sending it, whether it is too big; shows what only some kinds of list need.
// The form works without this.
document.querySelectorAll("[data-drop]").forEach((zone) => {
  const input = zone.querySelector("input[type=file]");
  const chosen = zone.querySelector("[data-chosen]");
  const most = 10 * 1024 * 1024;
  input.addEventListener("change", () => {
    const file = input.files[0];
    input.setCustomValidity(file && file.size > most ? "Tệp lớn hơn 10 MB; hãy bỏ ảnh và các trang thừa, hoặc chia thành nhiều tệp." : "");
    chosen.textContent = file ? `${file.name} (${Math.max(1, Math.round(file.size / 1024)).toLocaleString("vi-VN")} KB)` : "";
    input.reportValidity();
  });
  ["dragover", "dragleave", "drop"].forEach((name) =>
    zone.addEventListener(name, () => zone.classList.toggle("in-over", name === "dragover")));
});
const kind = document.querySelector("select[name=kind]");
if (kind) {
  const wanted = { campaign: "campaign", project: "loans" };
  const show = () => Object.entries(wanted).forEach(([name, only]) => {
    const field = document.querySelector(`select[name=${name}]`);
    field.closest(".wf-field").hidden = kind.value !== only && !field.value;
  });
  kind.addEventListener("change", show);
  show();
}
