"""Where Frappe calls this app."""

app_name = "followup_rules_frappe_app"
app_title = "Follow-up Rules"
app_publisher = "followup-rules"
app_description = "Decides when, how often and how well to follow up with job applicants"
app_email = "followup-rules@example.com"
app_license = "Apache-2.0"
required_apps = ["hrms"]

doc_events = {
    "Job Applicant": {
        "on_update": "followup_rules_frappe_app.events.applicant_changed",
        "on_trash": "followup_rules_frappe_app.events.applicant_deleted",
    },
    "Interview": {
        "on_update": "followup_rules_frappe_app.events.interview_changed",
        "on_submit": "followup_rules_frappe_app.events.interview_changed",
        "on_cancel": "followup_rules_frappe_app.events.interview_changed",
        "on_trash": "followup_rules_frappe_app.events.interview_changed",
    },
    "Communication": {"on_update": "followup_rules_frappe_app.events.reference_changed"},
    "Comment": {"on_update": "followup_rules_frappe_app.events.reference_changed"},
}

scheduler_events = {"cron": {"* * * * *": ["followup_rules_frappe_app.events.decide_due"]}}

override_doctype_dashboards = {"Job Applicant": "followup_rules_frappe_app.events.dashboard"}

# They go with the applicant, and must not keep anybody from deleting one.
ignore_links_on_delete = ["Follow Up", "Follow Up Look"]
