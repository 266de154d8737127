// Says which files were chosen: the browser's own button speaks the language of the machine.
document.querySelectorAll(".ac-pick input[type=file][data-papers]").forEach((input) => {
  const chosen = input.closest(".ac-pick").querySelector("[data-chosen]");
  input.addEventListener("change", () => {
    chosen.textContent = [...input.files].map((file) => file.name).join(", ") || "Chọn tệp";
  });
});
