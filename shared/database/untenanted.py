"""The one list of tables without a tenant policy, each with the reason why it can have none.

The service's role has no right on any of them: it reaches them through functions that run as their
owner. A test walks all tables and asserts that each is either in this list or under forced
row-level security.
"""

from __future__ import annotations

__all__ = ["UNTENANTED"]

_MESSAGING = {
    "alembic_version": "Alembic's own record of what was applied",
    "outbox": "the relay sends the events of all schools in the order they were written",
    "inbox": "what was consumed is known before its school is looked at",
    "message_attempts": "a message is counted before its contents can be trusted",
    "messages_put_off": "which schools have messages that wait is looked for over all schools",
    "erased_schools": "it outlives the school: what is still on its way about it makes no row",
    "dead_letters": "the operator's list over all schools; a broken message may name none",
}

_IDENTITY = {
    "sign_in_directory": "a username or an e-mail address is looked up before its school is known, "
    "and must be unique over all schools (R7, R8)",
    "left_schools": "which schools have left is asked over all; it outlives the school, as the "
    "proof that its rows went",
    "sessions": "a session is found by its token, which tells whose and of which school it is",
    "single_use_links": "a link is found by its token, before anybody is signed in",
    "admin_email_links": "a link is found by its token, before anybody is signed in (R5)",
    "forgotten_passwords": "what was typed by who may be nobody; whose it is, is found out later",
    "throttle_counts": "tries are counted before anybody's school is known, also of unknown names",
    "user_imports_due": "which uploads are to be forgotten is looked for over all schools",
    "support_messages_due": "which messages are to be forgotten is looked for over all schools",
    "mails": "the worker sends the mail of all schools as it falls due",
}

_ROSTER = {
    "school_directory": "which schools there are is asked before one of them is the tenant",
    "pupil_imports_due": "which uploads are to be forgotten is looked for over all schools",
}

_MIS_SYNC = {
    "awaited_requests": "which requests nobody answers is looked for over all schools (R16)",
    "connector_registry": "a message names its sender, checked by the broker, before its school",
    "due_schools": "what waits is looked for over all schools",
    "nights": "whose MIS is to be asked is looked for over all schools (R16)",
    "refused_messages": "the operator's list; a message that is turned away may be of no school",
    "sync_ages": "how many schools are late is counted over all schools",
    "open_runs": "how many runs have not come to rest is counted over all schools",
}

_REPORTS = {
    "markbook_due": "what is to be logged, and which uploads to be forgotten, is looked for over "
    "all schools",
    "school_directory": "which schools have settings is asked before one of them is the tenant",
    "report_files_due": "which files are to be deleted is looked for over all schools (R27)",
    "unfinished_report_jobs": "how many jobs wait is counted over all schools (R27)",
}

UNTENANTED: dict[str, dict[str, str]] = {
    "identity": {**_MESSAGING, **_IDENTITY},
    "roster": {**_MESSAGING, **_ROSTER},
    "mis_sync": {**_MESSAGING, **_MIS_SYNC},
    "reports": {**_MESSAGING, **_REPORTS},
}
"""Service → table → reason."""
