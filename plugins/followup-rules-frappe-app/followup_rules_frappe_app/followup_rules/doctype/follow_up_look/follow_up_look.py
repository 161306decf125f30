"""The document itself does nothing: what happens to it stands in `events.py`."""

from frappe.model.document import Document


class FollowUpLook(Document):
    pass
