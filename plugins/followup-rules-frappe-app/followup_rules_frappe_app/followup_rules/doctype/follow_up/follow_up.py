"""The document itself does nothing: what happens to it stands in `events.py`."""

from frappe.model.document import Document


class FollowUp(Document):
    pass
