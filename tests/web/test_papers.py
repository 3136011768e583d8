"""Attachments: checked by their first bytes, kept when a form is refused, downloaded as files by those who may see the order."""

import io
import zipfile

import pytest

from engine.domain.file_types import plain_name
from tests.web.support_hotline import HANDLED, file, furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def zipped(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name in names:
            target.writestr(name, "x")
    return packed.getvalue()


def send(hotline, number: str, *files, **said: str):
    task = hotline.task(number)
    return hotline.as_("clerk_roads_zhou").post(
        f"/tasks/{task.id}/complete",
        {**HANDLED, **said, "handling_papers": list(files)},
        content_type="multipart/form-data",
    )


def test_a_file_goes_with_its_form_and_can_be_downloaded(hotline):
    number = hotline.dispatched()
    assert send(hotline, number, file("现场.png", PNG)).status_code == 303
    text = hotline.as_("agent_li").get(f"/orders/{number}").text
    [paper] = hotline.site.rows("attachment")
    assert text.count(f'href="/papers/{paper.id}">现场.png</a>') == 2
    response = hotline.as_("agent_li").get(f"/papers/{paper.id}")
    assert response.data == PNG


def test_a_file_is_never_shown_inside_our_pages(hotline):
    number = hotline.dispatched()
    send(hotline, number, file("现场 1.png", PNG))
    headers = hotline.as_("agent_li").get(f"/papers/{hotline.site.rows('attachment')[0].id}").headers
    assert headers["Content-Disposition"].startswith("attachment; filename")
    assert "%E7%8E%B0%E5%9C%BA%201.png" in headers["Content-Disposition"]
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("画.png", b"<html><script>alert(1)</script>", "内容不是 png 文件"),
        ("页.html", b"<html>", "这种文件不能上传"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "这种文件不能上传"),
        ("空.pdf", b"", "是空文件"),
        ("程序.txt", b"MZ\x00\x01\x02", "内容不是文字"),
        ("表.xlsx", zipped("a.txt"), "内容不是 xlsx 文件"),
        ("宏.docx", zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "内容不是 docx 文件"),
        ("无名", PNG, "这种文件不能上传"),
    ],
    ids=["disguised", "page", "drawing", "empty", "binary text", "no workbook", "macros", "no ending"],
)
def test_a_refused_file_is_told_about_at_its_field_and_the_rest_stays(hotline, name, content, why):
    number = hotline.dispatched()
    response = send(hotline, number, file("好的.png", PNG), file(name, content), reply="换了三盏灯")
    assert response.status_code == 422
    assert why in response.text.split('id="handling_papers-error"')[1][:200]
    assert "换了三盏灯" in response.text
    assert "好的.png" in response.text
    assert hotline.task(number).state == "open"


def test_a_file_kept_from_a_refused_form_is_handed_in_with_the_next(hotline):
    number = hotline.dispatched()
    send(hotline, number, file("好的.png", PNG), handler_name="")
    [paper] = hotline.site.rows("attachment")
    hotline.as_("clerk_roads_zhou").post(
        f"/tasks/{hotline.task(number).id}/complete", {**HANDLED, "handling_papers": ["", paper.id]}
    )
    assert [p.name for p in hotline.order(number).papers] == ["好的.png"]


def test_a_file_taken_off_the_form_stays_out_of_the_order(hotline):
    number = hotline.dispatched()
    send(hotline, number, file("好的.png", PNG), handler_name="")
    hotline.as_("clerk_roads_zhou").post(
        f"/tasks/{hotline.task(number).id}/complete", {**HANDLED, "handling_papers": [""]}
    )
    assert hotline.order(number).papers == []


def test_a_file_over_twenty_megabytes_is_refused_by_itself(hotline):
    number = hotline.dispatched()
    response = send(hotline, number, file("长.pdf", b"%PDF-" + b"0" * (20 * 1024 * 1024)), reply="换了三盏灯")
    assert (response.status_code, "超过 20 MB" in response.text, "换了三盏灯" in response.text) == (422, True, True)
    assert hotline.site.rows("attachment") == []


def test_a_request_beyond_all_measure_is_refused_at_the_door(hotline):
    number = hotline.dispatched()
    response = send(hotline, number, file("长.pdf", b"%PDF-" + b"0" * (65 * 1024 * 1024)))
    assert response.status_code == 413


def test_a_name_with_a_path_loses_it(hotline):
    number = hotline.dispatched()
    send(hotline, number, file("../../etc/passwd.txt", "字".encode()))
    assert [row.name for row in hotline.site.rows("attachment")] == ["passwd.txt"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\temp\\照片.png", "照片.png"),
        ('a"b<c>\u202egnp.png', "abcgnp.png"),
        ("一" * 200 + ".png", "一" * 110 + ".png"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie x.png"),
        ("...", "附件"),
    ],
    ids=["drive", "signs", "long", "lines", "dots"],
)
def test_names_lose_paths_and_signs(sent, kept):
    assert plain_name(sent) == kept


def test_strangers_find_no_paper_and_nobody_hands_in_another_s(hotline):
    number = hotline.dispatched()
    send(hotline, number, file("现场.png", PNG), handler_name="")
    [paper] = hotline.site.rows("attachment")
    for stranger in ("clerk_water_wu", "agent_li", "admin_tang"):
        assert hotline.as_(stranger).get(f"/papers/{paper.id}").status_code == 404, stranger
    other = hotline.start(caller_phone="13911112222", place="人民路1号")
    hotline.hand_in("leader_wang", other, dispatch_choice="dispatch", unit="city_water", urgency="normal")
    response = hotline.as_("clerk_water_wu").post(
        f"/tasks/{hotline.task(other).id}/complete", {**HANDLED, "handling_papers": paper.id}
    )
    assert (response.status_code, "找不到的附件" in response.text) == (422, True)


def test_a_draft_keeps_files_too(hotline):
    number = hotline.dispatched()
    task, browser = hotline.task(number), hotline.as_("clerk_roads_zhou")
    said = {"handle_result": "finished", "handling_papers": file("好的.png", PNG)}
    browser.post(f"/tasks/{task.id}/draft", said, content_type="multipart/form-data")
    assert "好的.png" in browser.get(f"/tasks/{task.id}").text
