"""The Odoo addon: follow-ups on applicants and leads, by rules."""

from . import models as models
