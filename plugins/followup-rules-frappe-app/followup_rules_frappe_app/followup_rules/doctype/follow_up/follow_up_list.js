frappe.listview_settings["Follow Up"] = {
  filters: [
    ["state", "=", "open"],
    ["decision", "in", ["send", "revise"]],
  ],
};
