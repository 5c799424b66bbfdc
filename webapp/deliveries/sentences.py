"""The sentences that are kept about deliveries, by their codes."""

from webapp.kernel.i18n import later_plural, lazy_gettext
from webapp.kernel.text import notices

notices.declare(
    {
        "paused": lazy_gettext("Paused by %(name)s."),
        "stopped": lazy_gettext("Stopped by %(name)s."),
        "removed": lazy_gettext("Removed by %(name)s."),
        "late": lazy_gettext("It missed its time by more than an hour. Resume it, or stop it."),
        "failed_alike": lazy_gettext("Five messages in a row failed in the same way: %(why)s"),
        "budget_spent": lazy_gettext("The month’s budget of %(name)s is used up."),
        "budget_for_listening": lazy_gettext(
            "The rest of the month’s budget of %(name)s is for listening for STOP."
        ),
        "budget_under_way": lazy_gettext("The rest of the month’s budget is under way."),
        "wave_out": lazy_gettext("The wave of these 24 hours has gone out."),
        "wave_under_way": lazy_gettext("The rest of the wave is under way."),
        "inbox_first": lazy_gettext("What people wrote to %(name)s is read first."),
        "inbox_unread": lazy_gettext("What people wrote to %(name)s cannot be read: %(why)s"),
        "no_such_kind": lazy_gettext("%(channel)s cannot send this kind of delivery."),
        "waves": lazy_gettext("Waves a day"),
    }
)

# What an analysis finds.
notices.declare(
    {
        "finding_empty": lazy_gettext("There is no text yet."),
        "finding_empty_part": lazy_gettext("Part %(number)s has no text yet."),
        "finding_untouched": lazy_gettext(
            "Nothing is written between the greeting and the opt-out line."
        ),
        "finding_unknown_field": lazy_gettext(
            "There is no field %(wrong)s. The fields are %(known)s."
        ),
        "finding_field_in_post": lazy_gettext(
            "A post is for everybody; {%(name)s} cannot be filled."
        ),
        "finding_profile_in_post": lazy_gettext(
            "A post is for everybody, and what a profile says is private: {%(name)s} goes into no "
            "post."
        ),
        "finding_empty_profile_field": later_plural(
            "%(num)s person has no profile that says “%(field)s”, so their message will not go "
            "out. Give the field a word for them: %(token)s",
            "%(num)s people have no profile that says “%(field)s”, so their messages will not go "
            "out. Give the field a word for them: %(token)s",
        ),
        "finding_profile_alone": lazy_gettext(
            "Whoever has no profile that says “%(field)s” gets no message. Give the field a word "
            "for them: %(token)s"
        ),
        "finding_empty_field": later_plural(
            "%(num)s person has no first name, so their message will not go out. Give the field a "
            "word for them, such as {first_name|there}.",
            "%(num)s people have no first name, so their messages will not go out. Give the field "
            "a word for them, such as {first_name|there}.",
        ),
        "finding_name_alone": lazy_gettext(
            "Whoever has no first name gets no message. Give the field a word for them, such as "
            "{first_name|there}."
        ),
        "finding_follow_up": lazy_gettext("Whoever agrees to messages from now on gets it, once"),
        "finding_fields": lazy_gettext("All fields filled"),
        "finding_markup": lazy_gettext("“%(what)s” looks like markup and would be shown as it is."),
        "finding_too_long": later_plural(
            "The longest message is %(used)s of %(limit)s. Take out %(num)s character.",
            "The longest message is %(used)s of %(limit)s. Take out %(num)s characters.",
        ),
        "held_media": lazy_gettext(
            "The file of a picture or film is not there. Bring it back, in the folder of pictures "
            "or by uploading it under Media again, and let the delivery go on."
        ),
        "media_missing": lazy_gettext(
            "The file of a picture or film is gone, so nothing went out."
        ),
        "media_unreadable": lazy_gettext(
            "The file of a picture or film cannot be read, so nothing went out yet."
        ),
        "finding_media_missing": lazy_gettext(
            "Fanfare does not have the file of a picture or film. Take it out."
        ),
        "finding_no_alt": later_plural(
            "%(num)s picture has no words for who does not see it. Say what it shows.",
            "%(num)s pictures have no words for who does not see them. Say what they show.",
        ),
        "finding_alt": lazy_gettext("Every picture says what it shows"),
        "media_refused": lazy_gettext("The network did not take a picture or film."),
        "upload_unknown": lazy_gettext(
            "The network did not say whether it took a picture, so it is uploaded once more."
        ),
        "finding_arm_without_link": lazy_gettext(
            "The experiment counts who follows a link, and no link of text %(letters)s is counted."
        ),
        "finding_arm_without_html": lazy_gettext(
            "Text %(letters)s has no HTML, and another text has. Write it for all, or for none."
        ),
        "finding_arm_without_media": lazy_gettext(
            "Text %(letters)s does not show the pictures of text A. Take them out to compare texts."
        ),
        "finding_outlook": lazy_gettext(
            "So many people can show %(share)s %% against %(other)s %% and any larger difference"
        ),
        "finding_outlook_large": lazy_gettext(
            "So few people show %(share)s %% against %(other)s %% and no smaller difference. It "
            "will most likely end as “cannot tell”."
        ),
        "finding_outlook_none": lazy_gettext("So few people show no difference, however large."),
        "finding_experiment": lazy_gettext("What the experiment counts can be counted"),
        "finding_no_subject": lazy_gettext("There is no subject. Write one."),
        "finding_thread": lazy_gettext(
            "A limit allows %(allows)s posts at once, and this thread has %(parts)s parts. "
            "Write fewer."
        ),
        "finding_length": lazy_gettext("Length: %(used)s of %(limit)s"),
        "finding_longest": lazy_gettext("Longest message: %(used)s of %(limit)s"),
        "finding_too_long_in": lazy_gettext(
            "The longest message is %(used)s of %(limit)s %(unit)s. Take out %(num)s %(unit)s."
        ),
        "finding_length_in": lazy_gettext("Length: %(used)s of %(limit)s %(unit)s"),
        "finding_longest_in": lazy_gettext("Longest message: %(used)s of %(limit)s %(unit)s"),
        "finding_opt_out": lazy_gettext("Opt-out line present"),
        "finding_no_opt_out": lazy_gettext(
            "The text does not say how to stop these messages. Insert {stop_link} or "
            "{opt_out_line}."
        ),
        "finding_no_stop_link": lazy_gettext(
            "A STOP may arrive unread, where messages are encrypted. Insert {stop_link}, which "
            "ends the messages at once."
        ),
        "finding_stop_link": lazy_gettext(
            "Nobody could open {stop_link}: Fanfare does not know the address that people reach it "
            "by. Set FANFARE_PUBLIC_URL, or take the field out."
        ),
        "finding_why_link": lazy_gettext(
            "Nobody could open {why_link}: Fanfare does not know the address that people reach it "
            "by. Set FANFARE_PUBLIC_URL, or take the field out."
        ),
        "finding_link": lazy_gettext("The link %(link)s has no complete address."),
        "finding_same_text": lazy_gettext(
            "Several accounts publish the same text, which networks may count as spam."
        ),
        "finding_no_proof": lazy_gettext("No proof was sent yet"),
        "finding_old_proof": lazy_gettext("No proof since the last change"),
        "finding_not_approved": lazy_gettext("The proof is not approved yet"),
        "finding_proof": lazy_gettext("A proof of this text is approved"),
        "finding_too_slow": lazy_gettext(
            "It may end as late as %(ends)s, after its validity (%(expires)s). Messages left then "
            "are cancelled."
        ),
        "finding_in_time": lazy_gettext("Ends before its validity does"),
        "finding_budget": lazy_gettext("Within the budget of %(name)s"),
        "finding_over_budget": lazy_gettext(
            "It costs %(cost)s and %(name)s has %(left)s left this month; it would pause."
        ),
        "finding_far_over_budget": lazy_gettext(
            "It costs %(cost)s and %(name)s is %(left)s over its budget this month; it would pause."
        ),
        "finding_too_far": lazy_gettext("The time to begin, %(at)s, is more than a year away."),
        "finding_past": lazy_gettext("The time to begin, %(at)s, is over. Choose another."),
        "finding_gets_already": lazy_gettext(
            "%(name)s gets “%(label)s” already. Take the account out of this one."
        ),
        "finding_published_then": lazy_gettext(
            "“%(label)s” publishes the same text on %(name)s %(at)s; one of the two would be "
            "refused."
        ),
        "finding_says_twice": lazy_gettext(
            "Parts %(first)s and %(then)s say the same; the second would be refused."
        ),
        "finding_published": lazy_gettext(
            "The same text went out as “%(label)s”; it would be refused."
        ),
        "finding_again": later_plural(
            "%(num)s person got this very text already and would get it again.",
            "%(num)s people got this very text already and would get it again.",
        ),
        "finding_waits": later_plural(
            "%(num)s person waits for this very text from another delivery and would get it twice.",
            "%(num)s people wait for this very text from another delivery and would get it twice.",
        ),
        "finding_being_written": lazy_gettext(
            "“%(label)s” says the same, and its messages are still being written. Wait until all "
            "of them are, then analyse again."
        ),
        "finding_got": later_plural(
            "%(num)s person got it already.", "%(num)s people got it already."
        ),
        "finding_reached_many": lazy_gettext(
            "At least %(num)s people got this very text from another delivery already, or wait for "
            "it, and would get it twice. The analysis counts them all."
        ),
        "finding_others_after_end": lazy_gettext(
            "To reach only the others, let the earlier delivery end, or stop it, and send it to "
            "those left."
        ),
        "finding_others": lazy_gettext(
            "To reach only the others, send the earlier delivery to those left."
        ),
        "finding_no_account": lazy_gettext("No account is chosen to send from."),
        "finding_connected": lazy_gettext("%(name)s is connected"),
        "finding_nobody": lazy_gettext("Nobody would get this message. Widen the target."),
        "finding_all_left_out": lazy_gettext(
            "Everybody who matches the target is left out. See the reasons."
        ),
        "finding_consent": lazy_gettext("Everybody wrote first or opted in"),
        "finding_everyone": later_plural(
            "%(num)s person is written to, whether they asked for it or not.",
            "%(num)s people are written to, whether they asked for it or not.",
        ),
        "finding_accept_again": lazy_gettext(
            "%(who)s accepted writing to all subscribers, but an edit voided that. An "
            "administrator must accept it again."
        ),
        "finding_accept_everyone": lazy_gettext(
            "All subscribers are chosen, also those who did not ask for messages. An "
            "administrator must accept that."
        ),
        "finding_failed": lazy_gettext("The analysis could not be done: %(why)s"),
        "analysis_broke": lazy_gettext(
            "something went wrong inside Fanfare; the worker’s log says what."
        ),
    }
)
