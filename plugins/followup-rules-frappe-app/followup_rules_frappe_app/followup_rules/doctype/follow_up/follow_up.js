frappe.ui.form.on("Follow Up", {
  refresh(form) {
    if (["done", "dismissed"].includes(form.doc.state)) return;
    const say = (word) =>
      frappe
        .call({ method: `followup_rules_frappe_app.events.${word}`, type: "POST", args: { name: form.doc.name } })
        .then(() => form.reload_doc());
    form.add_custom_button(__("Done"), () => say("done")).addClass("btn-primary");
    form.add_custom_button(__("Dismiss"), () => say("dismiss"));
  },
});
