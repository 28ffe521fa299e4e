"""What can go wrong, in words: the exceptions, and the table of problems in users' files.

What is wrong in a user's file is a `libreview.model.Problem`, a value; its ``code`` is a row of `PROBLEMS`,
or of `RECORDS` if the file is one that is taken over into a review.
What cannot be done is a `ReviewError`, which the command line catches once. Sentences are English and are
translated where they are shown; ``{names}`` in them are filled from the facts.
"""

from __future__ import annotations

from typing import NamedTuple

from libreview.words.i18n import N_

__all__ = [
    "PROBLEMS",
    "RECORDS",
    "REMARKS",
    "Kind",
    "Locked",
    "NoChoice",
    "NotFound",
    "Refused",
    "ReviewError",
    "Wrong",
    "kind",
]


class ReviewError(Exception):
    """Something that cannot be done. ``sentence`` and ``hint`` are translatable, ``facts`` fill both.

    ``near`` holds the names (keys, themes, terms of a query) that may have been meant, best first.
    """

    status = 1

    def __init__(self, sentence: str, hint: str = "", near: tuple[str, ...] = (), **facts: object) -> None:
        super().__init__(sentence, hint, facts)
        self.sentence = sentence
        self.hint = hint
        self.near = near
        self.facts = facts

    def __str__(self) -> str:
        return self.sentence.format(**self.facts) if self.facts else self.sentence


class NotFound(ReviewError):
    """A name (key, id, theme, coder, style, file) that means nothing here."""


class NoChoice(NotFound):
    """A word of the command line that is none of the choices there are (formats, tables, languages, groupings, fields)."""

    status = 2


class Refused(ReviewError):
    """A deed that would lose or overwrite something, or that the files do not allow."""


class Wrong(ReviewError):
    """A wrong use of the command line or of the selection language."""

    status = 2


class Locked(ReviewError):
    """Another writer holds the review."""

    status = 75


class Kind(NamedTuple):
    """A kind of problem: what is wrong, and what to do."""

    sentence: str
    hint: str


PROBLEMS: dict[str, Kind] = {
    # Notes (texts/notes)
    "themes-not-read": Kind(
        N_("#{subject} is not read as a theme: {reason}"),
        N_("Put the themes after the citation at the end of the line: [@key, p. 1] #theme"),
    ),
    "blank-line-missing": Kind(
        N_("An excerpt touches the text beside it; Pandoc and Obsidian show them as one"),
        N_("Put a blank line before and after each excerpt."),
    ),
    "quotation-without-citation": Kind(
        N_("A quotation does not say where it comes from"),
        N_("End its last line with [@key, p. 1]."),
    ),
    "attribution-without-text": Kind(
        N_("An attribution stands alone, without the words it belongs to"),
        N_("Write the excerpt before it, in the same block."),
    ),
    "conflict-marker": Kind(
        N_("A merge conflict was left in the file"),
        N_("Keep one of the two versions and take the markers out."),
    ),
    "text-joins-excerpt": Kind(
        N_("Text right under a quotation is shown inside the quotation"),
        N_("Put a blank line between the quotation and your comment."),
    ),
    "front-matter-line": Kind(N_("A line of the front matter is not read"), N_("Write it as name: value.")),
    "field-twice": Kind(N_('"{subject}" stands twice; the first one counts'), N_("Take one of them out.")),
    "front-matter-open": Kind(
        N_("The front matter has no end, so it is read as text"), N_("Close it with a line of three dashes: ---")
    ),
    "code-open": Kind(
        N_("A code fence is never closed, so it is read as text"), N_("Close it, or take the opening line out.")
    ),
    "comment-open": Kind(
        N_("A comment is never closed, so it is read as text"), N_("Close it, or take its beginning out.")
    ),
    "second-id": Kind(N_("The excerpt has two ids; the last one counts"), N_("Keep one of them.")),
    "broken-citation": Kind(
        N_("Pandoc cannot read this citation"),
        N_("Separate two places with a comma, or repeat the key: [@key, Pasal 6; @key, Pasal 7]"),
    ),
    "none-with-themes": Kind(N_("#none says that nothing applies, yet there are themes"), N_("Keep one or the other.")),
    "coding-without-coder": Kind(
        N_("These codings do not say who coded"), N_("Write coder: NAME in the front matter.")
    ),
    # Settings and files (disk/settings, disk/index)
    "setting-unknown": Kind(
        N_('"{subject}" is not a setting of a review'),
        N_("Correct it, or take it out: libreview config lists the settings."),
    ),
    "setting-misspelt": Kind(
        N_('"{subject}" is not a setting of a review'),
        N_("Did you mean {near}? libreview config lists the settings."),
    ),
    "setting-broken": Kind(
        N_("libreview.toml cannot be read here, so the default holds: {reason}"),
        N_("Correct the line; values stand in quotes."),
    ),
    "file-unread": Kind(N_("The file cannot be read: {reason}"), N_("Make it readable, or move it out of the review.")),
    "file-emptied": Kind(
        N_("The file had content and is empty now"),
        N_(
            "Bring it back from the history of the sync tool, of git or of your editor. If nothing is missing, delete the file."
        ),
    ),
    "file-linked": Kind(
        N_("The file has a second name (a hard link), which keeps the old content once libreview has written here"),
        N_("Put a copy in its place: cp -p FILE COPY, then mv COPY FILE."),
    ),
    "library-unknown": Kind(
        N_('The library "{subject}" is not known on this machine'),
        N_("Say where it lies: libreview link PATH --name {subject}"),
    ),
    "library-not-linked": Kind(
        N_('The library "{subject}" ({path}) is not linked to the review in this folder'),
        N_("If it should be, as after the folder was moved: libreview link --name {subject}"),
    ),
    "library-unread": Kind(
        N_("The linked library cannot be read, so its sources are missing: {reason}"),
        N_("Bring it back to this place, or link it where it is now: libreview link PATH"),
    ),
    "library-differs": Kind(
        N_("{subject} stands at {other}, too, and says something else there; citations mean that one"),
        N_("Correct one of them, so that both say the same."),
    ),
    "conflict-copy": Kind(
        N_("A sync tool kept a second version of {other} here"),
        N_("Take over into {other} what is missing there, then delete this file."),
    ),
    # The review as a whole (findings/checks)
    "unknown-theme": Kind(
        N_("#{subject} is not in the codebook (times used: {times})"),
        N_("libreview themes add {subject}, or correct it, or list it under ignore-tags in libreview.toml."),
    ),
    "unknown-excerpt": Kind(N_("There is no excerpt ^{subject}"), N_("Correct the id, or take the coding out.")),
    "unknown-source": Kind(
        N_("There is no source {subject}"), N_("Correct the key, or add the source: libreview add --key {subject}")
    ),
    "source-rekeyed": Kind(
        N_("{subject} is now {new} in {path}"),
        N_("Let the notes follow: libreview rekey {subject} {new} --notes-only"),
    ),
    "impossible-source": Kind(
        N_('"{subject}" cannot be the key of a source'), N_("Write one key, as libreview list shows it: source: KEY")
    ),
    "coded-twice": Kind(
        N_("{coder} coded ^{subject} twice; the themes of both count"), N_("Put the themes in one line.")
    ),
    "duplicate-id": Kind(
        N_("The id ^{subject} is also at {other}"), N_("Give this one a new id: libreview check --fix")
    ),
    "ambiguous-coding": Kind(
        N_("^{subject} names more than one excerpt"), N_("Give the excerpts different ids first: libreview check --fix")
    ),
    "duplicate-key": Kind(
        N_('The key "{subject}" is also at {other}; citations mean that one'), N_("Give one of them another key.")
    ),
    # The record of imports (texts/provenance)
    "import-outside": Kind(
        N_('"{subject}" stands before the first [[import]] and belongs to none'), N_("Put it below an [[import]].")
    ),
    "import-line": Kind(
        N_('"{subject}" is not read'), N_('Each line is a name and a value, texts between quotes: database = "Scopus"')
    ),
    "import-field": Kind(
        N_("{subject} cannot be this, or stands twice"),
        N_("Counts are whole numbers, the rest is text; raw lies in sources/imported/."),
    ),
    "import-raw-missing": Kind(
        N_("{subject}, the file as it was imported, is not there"),
        N_("Bring it back from a copy, or import the same file again: without it, nobody can tell later what changed."),
    ),
    "import-raw-changed": Kind(
        N_("{subject} is not the file any more that was imported"),
        N_(
            "Bring it back from a copy; if git changed its line ends, write *.* -text into sources/imported/.gitattributes."
        ),
    ),
    # BibTeX (texts/formats/bibtex)
    "entry-open": Kind(
        N_("@{subject} has no end, so it is not read"),
        N_("Look for a brace or quote without its partner between this line and the next entry."),
    ),
    "entry-closed-early": Kind(
        N_("@{subject} ends before its last fields; what follows is not read"),
        N_("Take the extra closing brace out."),
    ),
    "entry-in-text": Kind(
        N_("@{subject} stands within a line of text and is not read"), N_("Begin the entry on a line of its own.")
    ),
    "entry-without-type": Kind(
        N_("An entry does not say what it is, so it is not read"), N_("Write its type after the @: @article{{key,")
    ),
    "entry-without-key": Kind(
        N_("@{subject} has no citation key, so it is not read"), N_("Write a key and a comma: @{subject}{{key,")
    ),
    "entry-without-fields": Kind(N_("{subject} has no fields"), N_("Fill it in, or take it out.")),
    "entry-unreadable": Kind(
        N_("The braces of this entry do not match here; it was read as well as it could be"),
        N_("Give each brace its partner, and write one field a line: name = {{value}},"),
    ),
    "brace-escaped": Kind(
        N_("The braces of @{subject} balance only without \\{{ and \\}}; BibTeX will not read it"),
        N_("Give each brace its partner, or write \\textbraceleft and \\textbraceright."),
    ),
    "field-repeated": Kind(
        N_('The field "{subject}" stands twice; the first one counts'), N_("Take one of the two out.")
    ),
    "field-unreadable": Kind(N_("This is not a field and is not read: {subject}"), N_("Write it as name = {{value}},")),
    "comma-missing": Kind(
        N_('A comma is missing after the field "{subject}"'), N_("Put a comma at the end of the line before.")
    ),
    "value-missing": Kind(N_('The field "{subject}" has no value'), N_("Give it one, or take it out.")),
    "value-bare": Kind(N_("A value stands without braces: {subject}"), N_("Put it in braces: {{...}}")),
    "quote-open": Kind(
        N_("A quote is never closed; its line is read as the value"), N_("Close it, or use braces: {{...}}")
    ),
    "string-unknown": Kind(
        N_('There is no @string "{subject}"; its name is read as text'),
        N_("Define it, or put the text in braces."),
    ),
    "string-too-long": Kind(
        N_('The @string "{subject}" grows too long; its name is read as text'), N_("Write the text where it belongs.")
    ),
    "string-empty": Kind(N_("This @string defines nothing"), N_('Write it as @string{{name = "text"}}')),
    "key-unusual": Kind(
        N_('The key "{subject}" has spaces or signs that BibTeX and Pandoc do not read in a citation'),
        N_("Give it a key of letters and digits."),
    ),
    "key-case": Kind(
        N_('The keys "{subject}" and "{other}" differ only in capitals; BibTeX takes them for one'),
        N_("Give one of them another key."),
    ),
    "parent-unknown": Kind(
        N_('{subject} inherits from "{parent}", which is not in this file'),
        N_("Correct crossref or xdata, or add the entry to this file."),
    ),
    "parent-circle": Kind(
        N_("{subject} and {parent} inherit from each other"), N_("Take crossref or xdata out of one of them.")
    ),
    "not-utf-8": Kind(
        N_("The file is not in UTF-8; from here it is read as {subject}"),
        N_("If accents look wrong, save the file as UTF-8 in your editor."),
    ),
    # The codebook (texts/codebook)
    "codebook-table": Kind(
        N_("A line of the theme {subject} cannot be read: {reason}"),
        N_('A line is name = "text"; the other lines of the theme are read.'),
    ),
    "codebook-outside": Kind(
        N_('"{subject}" stands before the first theme and is not read'), N_("Put it below the [theme] it belongs to.")
    ),
    "codebook-encoding": Kind(
        N_("The codebook is not UTF-8 text; what could not be read is shown as \ufffd"), N_("Save the file as UTF-8.")
    ),
    "theme-dotted": Kind(
        N_("{subject} is not read as a theme"), N_('Write [name] alone, and its place in the tree as parent = "name".')
    ),
    "theme-id": Kind(
        N_('"{subject}" cannot be the id of a theme'),
        N_("An id is letters, digits and hyphens, at least one letter, at most 64; other words go into the label."),
    ),
    "theme-unquoted": Kind(
        N_("Other programs cannot read [{subject}] without quotation marks"), N_('Write ["{subject}"].')
    ),
    "theme-twice": Kind(
        N_("The theme {subject} is also at {other}; that one counts"),
        N_("Make one of the two, or give this one another id."),
    ),
    "theme-field": Kind(
        N_('The theme {theme} has a line "{subject}", which means nothing here'),
        N_("Lines are label, parent, definition, include, exclude, examples, colour and aliases."),
    ),
    "theme-value": Kind(
        N_('"{subject}" of the theme {theme} is not the kind of value it should be'),
        N_('A text is "...", a list ["...", "..."], a label in two languages {{ en = "...", id = "..." }}.'),
    ),
    "theme-colour": Kind(
        N_("The colour of the theme {theme} is not read"), N_('Write "#2a9d8f", or a name such as "teal".')
    ),
    "alias-taken": Kind(
        N_('"{subject}" is an alias of the theme {theme}, but it already means the theme {other}'),
        N_("Take the alias out of one of them."),
    ),
    # Screening (texts/screening, findings/checks)
    "screening-table": Kind(
        N_("A line of a screening decision cannot be read: {reason}"),
        N_('A line is name = "text"; the other lines of the decision are read.'),
    ),
    "screening-outside": Kind(
        N_('"{subject}" belongs to no screening decision and is not read'),
        N_("A decision begins with a line [[decision]]."),
    ),
    "screening-encoding": Kind(
        N_("The screening decisions are not UTF-8 text; what could not be read is shown as \ufffd"),
        N_("Save the file as UTF-8."),
    ),
    "screening-field": Kind(
        N_('A screening decision has a line "{subject}", which means nothing here'),
        N_("Lines are source, verdict, reason, coder, date and stage."),
    ),
    "screening-value": Kind(
        N_('"{subject}" of a screening decision is not what it should be'),
        N_('Write verdict = "include" or "exclude", date = 2026-11-24, and all others as "text".'),
    ),
    "screening-incomplete": Kind(
        N_('A screening decision has no "{subject}", so it does not count'),
        N_('It needs source = "KEY" and verdict = "include" or "exclude".'),
    ),
    "screening-contradicted": Kind(
        N_("{coder} and {other} decided differently about {subject}; what {coder} decided last counts"),
        N_("Agree, then decide again under the name of the one who changed their mind: --coder NAME"),
    ),
    "excluded-cited": Kind(
        N_("An excerpt cites {subject}, which is excluded from the review: {why}"),
        N_("It is not counted. If it should be: libreview include {subject}"),
    ),
    # Themes and sources that stand wrong (findings/checks)
    "theme-parent-unknown": Kind(
        N_("The theme {theme} stands below {subject}, which is not in the codebook"),
        N_("Add [{subject}] to the codebook, or correct the parent."),
    ),
    "theme-circle": Kind(
        N_("The parents of {subject} lead back to it: {circle}"), N_("Take the parent out of one of these themes.")
    ),
    "source-without-year": Kind(
        N_("{subject} has no year"), N_("Add date = {{2001}}; leave it out only if nobody knows.")
    ),
    "source-without-author": Kind(
        N_("{subject} has no author and no editor"), N_("Add author = {{Family, Given}}, or {{{{Name of the body}}}}.")
    ),
    "source-without-title": Kind(N_("{subject} has no title"), N_("Add title = {{...}}.")),
    "source-without-urldate": Kind(
        N_("{subject} is a web page and does not say when it was seen"), N_("Add urldate = {{2024-05-31}}.")
    ),
    "source-unverified": Kind(
        N_("{subject} is marked {state}; still to be confirmed: {fields}"),
        N_("Look at the source itself, correct these fields, then set verification = {{confirmed}}."),
    ),
    "name-with-title": Kind(
        N_('"{name}" of {subject} carries a title or degree'),
        N_(
            "Take it out: titles and degrees do not belong in a bibliography. libreview check --fix does where it is certain."
        ),
    ),
    "name-doubled": Kind(
        N_('"{name}" of {subject} is one name written twice'),
        N_("Write a person with one name as {{{single}}}; libreview check --fix does."),
    ),
    "name-et-al": Kind(
        N_('"{name}" of {subject} is not a person'),
        N_('Write others who are not named as "and others": {{Wijaya, Rina and others}}; libreview check --fix does.'),
    ),
    "names-joined": Kind(
        N_('"{name}" of {subject} may be several people'), N_('Put "and" between people; libreview check --fix does.')
    ),
    "volume-joined": Kind(
        N_('The volume of {subject} is "{name}"'),
        N_("Write volume, number and year in fields of their own; libreview check --fix does where it is certain."),
    ),
    "isbn-is-issn": Kind(
        N_("The ISBN of {subject} is an ISSN: {name}"), N_("Call the field issn; libreview check --fix does.")
    ),
    "isbn-too-short": Kind(
        N_('"{name}" is no ISBN of {subject}: it has eight digits'), N_("Correct it, or take the field out.")
    ),
    "journal-is-institution": Kind(
        N_('The journal of {subject} is an institution: "{name}"'),
        N_("Write the name of the journal; the institution is its publisher."),
    ),
    "journal-is-title": Kind(
        N_("{subject} has its own title as journal"), N_("Write the name of the journal, or take the field out.")
    ),
    "key-invisible": Kind(
        N_('The key "{subject}" holds a character that cannot be seen'), N_("Type the key anew in this entry.")
    ),
    "key-alike": Kind(
        N_('The key "{subject}" looks like the one at {other}'), N_("Give one of them a key that nobody mixes up.")
    ),
    "key-scripts": Kind(
        N_('The key "{subject}" mixes letters of two scripts that look alike'), N_("Type the key anew in one script.")
    ),
}

REMARKS = frozenset(("excluded-cited", "screening-contradicted"))
"""Kinds that are worth knowing and nothing wrong: `check` shows them, and its exit status stays 0."""

RECORDS: dict[str, Kind] = {
    "record-empty": Kind(
        N_("A record begins here and says nothing, so it is not taken over"),
        N_("Look whether something is missing; if not, nothing is lost."),
    ),
    "record-broken": Kind(
        N_("This record cannot be read: {reason}"),
        N_("Correct it here, or export it anew from where it comes from."),
    ),
    "record-without-start": Kind(
        N_("A record does not begin as records of this format do, but with {subject}; it is read all the same"),
        N_("Look whether its first lines are missing."),
    ),
    "record-without-end": Kind(
        N_("Records have no line that ends them (times: {times}); each is read up to the next one"),
        N_("Nothing is lost; other programs may read only the last one."),
    ),
    "file-without-records": Kind(
        N_("No record is found in this file"),
        N_("Look whether it is an export of records, and in which format."),
    ),
    "repaired-names": Kind(
        N_('The authors of {subject} were parted by ";"; now "and" stands between them'),
        N_("Look whether each name is one person."),
    ),
    "repaired-quotes": Kind(
        N_("In {subject}, the field {field} held quotes or braces that end it for BibTeX; it is kept whole"),
        N_("Look whether its text is complete."),
    ),
    "repaired-value": Kind(
        N_("In {subject}, the field {field} stood without quotes; it has braces now"),
        N_("Nothing else is to be done."),
    ),
    "repaired-key": Kind(
        N_("An entry had no key; it is called {subject} now"), N_("libreview rekey gives it a better one.")
    ),
    "columns-unknown": Kind(
        N_("No column of this table is known to hold a title, an author or a DOI: {columns}"),
        N_('Say which one does: --map title="Name of the column"'),
    ),
    "column-missing": Kind(
        N_('There is no column "{subject}" to take as {field}'),
        N_("Write the name of the column as it stands in the first line."),
    ),
    "row-too-long": Kind(
        N_("This row has {cells} cells for {columns} columns; what is beyond the last column is kept apart"),
        N_("Look for a separator that stands within a cell without quotes."),
    ),
}
"""What may be wrong in a file of records (texts/formats). Such a file is no part of a review, so that no review shows it."""


def kind(code: str) -> Kind | None:
    """Return what a kind of problem is called, or None for a code that no table has."""
    return PROBLEMS.get(code) or RECORDS.get(code)
