"""A picture is kept once, cleaned, and deleted only when nothing shows it."""

import errno
import os
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from tests.support.factories import make_delivery, make_service
from tests.support.fakes import FakeNetwork
from tests.support.media import picture, show, takes_pictures
from tests.support.pictures import photo
from webapp.deliveries.models import DeliveryKind
from webapp.deliveries.retention import RULES
from webapp.kernel.config.settings import Settings
from webapp.kernel.errors import Conflict, Invalid, NotFound
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import Notice
from webapp.media import library, store
from webapp.media.models import MediaFile


def test_a_picture_is_kept_once_whoever_brings_it_again(runtime: Runtime):
    first = library.bring(runtime, picture(), "door.png", "A door")
    again = library.bring(runtime, picture(), "other.png", "")

    assert again.id == first.id
    assert (again.name, again.alt, again.mime) == ("door.png", "A door", "image/png")
    assert (again.width, again.height, again.created_by) == (40, 20, runtime.actor.name)
    with library.opened(runtime, again) as file:
        assert len(file.read()) == again.bytes


def test_what_a_camera_wrote_is_not_kept_and_the_picture_stands_upright(runtime: Runtime):
    exif = Image.Exif()
    exif[0x0112], exif[0x0110] = 6, "Camera of Ida"

    file = library.bring(runtime, photo("JPEG", exif=exif.tobytes()), "a.jpg")

    with library.opened(runtime, file) as kept:
        data = kept.read()
    assert b"Ida" not in data
    assert (file.width, file.height) == Image.open(BytesIO(data)).size == (20, 40)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "Choose a picture"),
        (b"<html><img src=x>", "no picture"),
        (photo("BMP"), "no picture"),
        (b"0" * (library.LARGEST_FILE + 1), "at most 15 MB"),
        (
            photo("GIF", save_all=True, append_images=[Image.new("RGB", (40, 20), "red")]),
            "moves",
        ),
    ],
    ids=["nothing", "a page", "another kind", "too large", "an animation"],
)
def test_what_is_no_picture_is_refused_in_words_and_leaves_nothing(
    runtime: Runtime, data: bytes, says: str
):
    with pytest.raises(Invalid, match=says) as refused:
        library.bring(runtime, data, "door.png")

    assert list(refused.value.fields) == ["picture"]
    runtime.session.rollback()
    assert runtime.session.query(MediaFile).count() == 0


def test_words_that_no_network_takes_are_refused(runtime: Runtime):
    file = library.bring(runtime, picture())
    with pytest.raises(Invalid, match=r"at most 1,?000"):
        library.describe(runtime, file.id, "x" * 1_001)


def test_a_picture_that_a_delivery_shows_is_not_deleted(runtime: Runtime, network: FakeNetwork):
    takes_pictures(network)
    draft = make_delivery(runtime, make_service(runtime), kind=DeliveryKind.POST)
    show(runtime, draft, 0)
    file = runtime.session.query(MediaFile).one()

    with pytest.raises(Conflict, match="shows this picture"):
        library.remove(runtime, file.id)

    other = library.bring(runtime, picture(7))
    digest = other.sha256
    library.remove(runtime, other.id)
    assert not store.has(runtime.settings, digest)
    assert runtime.session.query(MediaFile).one().id == file.id


def test_files_without_a_row_are_swept_once_nobody_can_be_writing_them(runtime: Runtime):
    kept = library.bring(runtime, picture())
    store.keep(runtime.settings, "b" * 64, b"left behind")
    assert library.sweep(runtime) == 0

    old = (runtime.clock.system() - timedelta(days=2)).timestamp()
    for path in (runtime.settings.var / store.FOLDER).glob("*/*"):
        os.utime(path, (old, old))

    assert library.sweep(runtime) == 1
    assert store.has(runtime.settings, kept.sha256)


def test_a_file_that_is_gone_is_said(runtime: Runtime):
    file = library.bring(runtime, picture())
    store.remove(runtime.settings, file.sha256)
    with pytest.raises(NotFound, match="Upload it again"):
        library.opened(runtime, file)


def test_a_file_that_a_disk_damaged_is_no_picture_and_is_brought_again(runtime: Runtime):
    file = library.bring(runtime, picture())
    path = next((runtime.settings.var / store.FOLDER).glob("*/*"))
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b"?")
    with pytest.raises(NotFound, match="Upload it again"):
        library.opened(runtime, file)

    library.bring(runtime, picture())

    with library.opened(runtime, file) as again:
        assert again.read() == whole


def test_a_full_disk_leaves_no_piece_and_what_a_crash_left_is_swept(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
):
    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    folder = runtime.settings.var / store.FOLDER
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="full"):
        library.bring(runtime, picture())
    runtime.session.rollback()
    assert [*folder.glob("*/*")] == []
    assert runtime.session.query(MediaFile).count() == 0

    left = next(folder.iterdir()) / ".new-left"
    left.touch()
    os.utime(left, (0, 0))
    assert library.sweep(runtime) == 1
    assert not left.exists()


def test_a_picture_that_is_deleted_meanwhile_is_written_anew(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
):
    file = library.bring(runtime, picture())
    held = list[bool]()
    drop = store.remove

    def removed(settings: Settings, digest: str) -> None:
        # Whoever brings it now waits for its row, and finds no file afterwards.
        held.append(runtime.session.in_transaction())
        drop(settings, digest)

    monkeypatch.setattr(store, "remove", removed)
    library.remove(runtime, file.id)
    assert held == [True]

    keep, known = store.keep, list[int]()
    monkeypatch.setattr(
        store,
        "keep",
        lambda *given: (known.append(runtime.session.query(MediaFile).count()), keep(*given)),
    )
    library.bring(runtime, picture())
    assert known == [1]


def test_the_library_is_read_page_by_page(runtime: Runtime, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(library, "PAGE", 2)
    ids = [library.bring(runtime, picture(number)).id for number in range(3)]

    first = library.shelf(runtime)
    rest = library.shelf(runtime, first.files[-1].id)

    assert [row.id for row in (*first.files, *rest.files)] == ids[::-1]
    assert (first.more, rest.more) == (True, False)


def test_a_picture_that_nobody_took_for_a_year_leaves_with_its_sentence(
    runtime: Runtime, network: FakeNetwork
):
    takes_pictures(network)
    draft = make_delivery(runtime, make_service(runtime), kind=DeliveryKind.POST)
    show(runtime, draft, 0)
    shown = runtime.session.query(MediaFile).one().id
    library.bring(runtime, picture(7))
    (rule,) = (item for item in RULES if item.name == "pictures")
    old = rule.old(runtime.now() + timedelta(days=1))

    left = runtime.session.scalars(select(MediaFile.id).where(~old)).all()

    assert left == [shown]
    assert str(Notice(f"cleaned_{rule.name}", num=2)) == "2 pictures removed that nothing shows"
