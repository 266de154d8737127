// Makes photographs small before they are sent, so that many go at once over a phone's network. The server makes them
// small again by itself and judges them: the form works without this.
(() => {
  const longest = 1600;

  const shrink = async (file) => {
    if (!file.type.startsWith("image/")) return file;
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      const pen = canvas.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      if (!small || small.size >= file.size) return file;
      return new File([small], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
    } catch {
      return file; // the server says what is wrong with it
    }
  };

  document.querySelectorAll("input[type=file][data-photos]").forEach((input) => {
    const buttons = input.form.querySelectorAll("button[type=submit]");
    const chosen = input.closest(".ac-pick").querySelector("[data-chosen]");
    input.addEventListener("change", async () => {
      buttons.forEach((button) => { button.disabled = true; });
      chosen.textContent = "Đang thu nhỏ ảnh…";
      const kept = new DataTransfer();
      for (const file of input.files) kept.items.add(await shrink(file));
      input.files = kept.files;
      chosen.textContent = kept.files.length ? `Đã chọn ${kept.files.length} ảnh` : "Chọn ảnh";
      buttons.forEach((button) => { button.disabled = false; });
    });
  });

  document.querySelectorAll("form[data-confirm]").forEach((form) => {
    form.addEventListener("submit", (event) => {
      if (!confirm(form.dataset.confirm)) event.preventDefault();
    });
  });
})();
