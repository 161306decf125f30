"""The language server: what an editor shows about rule files while they are written.

Everything but `server` is a function of a text, a position and a snapshot of files; `server` alone speaks the protocol.
"""
