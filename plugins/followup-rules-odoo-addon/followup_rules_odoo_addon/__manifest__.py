{
    "name": "Follow-ups by Rules",
    "version": "19.0.0.1.0",
    "summary": "Decides when to follow up on applicants and leads, with the draft and the reason",
    "category": "Human Resources/Recruitment",
    "license": "Other OSI approved licence",
    "author": "followup-rules maintainers",
    "depends": ["hr_recruitment", "crm", "calendar"],
    "external_dependencies": {"python": ["followup_rules"]},
    "data": [
        "security/ir.model.access.csv",
        "security/rules.xml",
        "data/ir_cron.xml",
        "views/follow_up.xml",
        "views/records.xml",
        "views/settings.xml",
    ],
    "installable": True,
}
