"""Adapters from data: one YAML file for each vendor, and the engine that makes a class of it.

A file says how to sign in, what to ask for each action, how an action is recognised again, how applications are read
and how webhooks are proved. No file holds code: texts are templates in the sandbox of drafts, and the body of a request
is built from them leaf by leaf, so that no value can end the text that it stands in.
"""
