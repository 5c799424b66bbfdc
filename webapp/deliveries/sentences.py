"""The sentences that are kept about deliveries, by their codes."""

from webapp.kernel.i18n import later, later_plural
from webapp.kernel.text import notices

notices.declare(
    {
        "paused": later("Paused by %(name)s."),
        "stopped": later("Stopped by %(name)s."),
        "removed": later("Removed by %(name)s."),
        "late": later("It missed its time by more than an hour. Resume it, or stop it."),
        "failed_alike": later("Five messages in a row failed in the same way: %(why)s"),
        "budget_spent": later("The month’s budget of %(name)s is used up."),
        "budget_for_listening": later(
            "The rest of the month’s budget of %(name)s is for listening for STOP."
        ),
        "budget_under_way": later("The rest of the month’s budget is under way."),
        "wave_out": later("The wave of these 24 hours has gone out."),
        "wave_under_way": later("The rest of the wave is under way."),
        "inbox_first": later("What people wrote to %(name)s is read first."),
        "inbox_unread": later("What people wrote to %(name)s cannot be read: %(why)s"),
        "no_such_kind": later("%(channel)s cannot send this kind of delivery."),
        "waves": later("Waves a day"),
    }
)

# What an analysis finds.
notices.declare(
    {
        "finding_empty": later("There is no text yet."),
        "finding_untouched": later("Nothing is written between the greeting and the opt-out line."),
        "finding_unknown_field": later("There is no field %(wrong)s. The fields are %(known)s."),
        "finding_field_in_post": later("A post is for everybody; {%(name)s} cannot be filled."),
        "finding_empty_field": later_plural(
            "%(num)s person has no first name, so their message will not go out. Give the field a "
            "word for them, such as {first_name|there}.",
            "%(num)s people have no first name, so their messages will not go out. Give the field "
            "a word for them, such as {first_name|there}.",
        ),
        "finding_fields": later("All fields filled"),
        "finding_markup": later("“%(what)s” looks like markup and would be shown as it is."),
        "finding_too_long": later_plural(
            "The longest message is %(used)s of %(limit)s. Take out %(num)s character.",
            "The longest message is %(used)s of %(limit)s. Take out %(num)s characters.",
        ),
        "finding_length": later("Length: %(used)s of %(limit)s"),
        "finding_longest": later("Longest message: %(used)s of %(limit)s"),
        "finding_opt_out": later("Opt-out line present"),
        "finding_no_opt_out": later(
            "The text does not say how to stop these messages. Insert {opt_out_line}."
        ),
        "finding_link": later("The link %(link)s has no complete address."),
        "finding_same_text": later(
            "Several accounts publish the same text, which networks may count as spam."
        ),
        "finding_no_proof": later("No proof was sent yet"),
        "finding_old_proof": later("No proof since the last change"),
        "finding_not_approved": later("The proof is not approved yet"),
        "finding_proof": later("A proof of this text is approved"),
        "finding_too_slow": later(
            "It may end as late as %(ends)s, after its validity (%(expires)s). Messages left then "
            "are cancelled."
        ),
        "finding_in_time": later("Ends before its validity does"),
        "finding_budget": later("Within the budget of %(name)s"),
        "finding_over_budget": later(
            "It costs %(cost)s and %(name)s has %(left)s left this month; it would pause."
        ),
        "finding_far_over_budget": later(
            "It costs %(cost)s and %(name)s is %(left)s over its budget this month; it would pause."
        ),
        "finding_too_far": later("The time to begin, %(at)s, is more than a year away."),
        "finding_past": later("The time to begin, %(at)s, is over. Choose another."),
        "finding_gets_already": later(
            "%(name)s gets “%(label)s” already. Take the account out of this one."
        ),
        "finding_published_then": later(
            "“%(label)s” publishes the same text on %(name)s %(at)s; one of the two would be "
            "refused."
        ),
        "finding_published": later("The same text went out as “%(label)s”; it would be refused."),
        "finding_again": later_plural(
            "%(num)s person got this very text already and would get it again.",
            "%(num)s people got this very text already and would get it again.",
        ),
        "finding_waits": later_plural(
            "%(num)s person waits for this very text from another delivery and would get it twice.",
            "%(num)s people wait for this very text from another delivery and would get it twice.",
        ),
        "finding_got": later_plural(
            "%(num)s person got it already.", "%(num)s people got it already."
        ),
        "finding_others_after_end": later(
            "To reach only the others, let the earlier delivery end, or stop it, and send it to "
            "those left."
        ),
        "finding_others": later(
            "To reach only the others, send the earlier delivery to those left."
        ),
        "finding_no_account": later("No account is chosen to send from."),
        "finding_connected": later("%(name)s is connected"),
        "finding_nobody": later("Nobody would get this message. Widen the target."),
        "finding_all_left_out": later(
            "Everybody who matches the target is left out. See the reasons."
        ),
        "finding_consent": later("Everybody wrote first or opted in"),
        "finding_everyone": later_plural(
            "%(num)s person is written to, whether they asked for it or not.",
            "%(num)s people are written to, whether they asked for it or not.",
        ),
        "finding_accept_again": later(
            "%(who)s accepted writing to all subscribers, but an edit voided that. An "
            "administrator must accept it again."
        ),
        "finding_accept_everyone": later(
            "All subscribers are chosen, also those who did not ask for messages. An "
            "administrator must accept that."
        ),
        "finding_failed": later("The analysis could not be done: %(why)s"),
        "analysis_broke": later("something went wrong inside Fanfare; the worker’s log says what."),
    }
)
