"""What the addon adds to Odoo's models."""

from . import activity as activity
from . import follow_up as follow_up
from . import heard as heard
from . import look as look
from . import record as record
from . import settings as settings
