"""Files that come with a form: stored first, so that nothing is lost when the form, or one of them, is refused."""

import os
from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from engine import PaperNames, UploadAttachment
from engine.domain.errors import Invalid
from engine.domain.file_types import MAX_BYTES
from engine.forms import FormSchema
from web.forms import Files, file_ids
from web.front import current_actor, engine


def with_uploads(answers: Mapping[str, Any], form: FormSchema) -> tuple[dict[str, Any], dict[str, str]]:
    """Give the answers with the ids of files sent along, and a sentence for each field whose file we refuse."""
    result, refused = dict(answers), {}
    for spec in form.fields:
        if spec.type != "filepicker" or spec.readonly:
            continue
        kept = [ident for ident in result.get(spec.key, ()) if ident]
        for sent in request.files.getlist(spec.key):
            try:
                kept += _stored(spec.key, sent)
            except Invalid as error:
                refused[spec.key] = str(error)
        result[spec.key] = kept if spec.multiple else kept[-1:]
    return result, refused


def names_of(form: FormSchema, answers: Mapping[str, Any]) -> Files:
    """Give name and size of the files that some answers name, as far as one may see them."""
    return engine().ask(PaperNames(file_ids(form, answers)), current_actor())


def _stored(key: str, sent: FileStorage) -> list[str]:
    if not sent.filename:
        return []
    if sent.stream.seek(0, os.SEEK_END) > MAX_BYTES:
        raise Invalid(_("“%(name)s”超过 20 MB,没有收下", name=sent.filename[-60:]))
    sent.stream.seek(0)
    return [engine().execute(UploadAttachment(current_actor(), key, sent.filename, sent.stream.read()))]
