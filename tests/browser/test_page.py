"""The page as an officer meets it: a real browser on a real server, and no request outside."""

import contextlib
import io
import socket
import statistics
import time
import zipfile

import openpyxl
import psutil
import pytest
from docx import Document

from workforce_sim.county.tables.export import export_scenario
from workforce_sim.decision.saving import save_policy, saved_policies
from workforce_sim.scenario import load_scenario

HOSTILE = "<img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0"
BIG = ".ws-big b"


def verdict(page):
    page.wait_for_selector(BIG)
    return page.locator(BIG).inner_text()


def settled(page):
    """Wait for the full answer and return it."""
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=stProgress]')"
        " && document.querySelector('.ws-big')?.innerText.includes('1000')"
    )
    return verdict(page)


def slider(page, name):
    return page.locator('[data-testid="stSlider"]', has_text=name).get_by_role("slider")


def upload(visit, file):
    """Open the county page and give it a file to check."""
    page = visit("county")
    page.get_by_text("检查自己的表").click()
    page.wait_for_selector('[data-testid="stFileUploader"]')
    page.locator('input[type="file"]').set_input_files(file)
    return page


def test_a_first_visit_has_the_answer_and_a_moved_policy_another(visit, record_property):
    page = visit()
    first = settled(page)
    assert "%" in first
    page.get_by_role("tab", name="体艺教师").click()
    control = slider(page, "招聘体艺教师").first
    control.focus()
    took = []
    for _ in range(5):
        before = page.locator(".ws-big").inner_text()
        begun = time.monotonic()
        page.keyboard.press("ArrowRight")
        page.wait_for_function(
            "before => document.querySelector('.ws-big')?.innerText !== before", arg=before
        )
        took.append(time.monotonic() - begun)
        settled(page)
    record_property("seconds from the key to the verdict", statistics.median(took))
    print(f"from the key to the new verdict: median {statistics.median(took):.2f} s")
    assert settled(page) != first
    assert "set=arts_pe.recruits_per_year" in page.url.replace("%3D", "=")
    page.reload()  # a reload loses nothing
    assert "set=arts_pe.recruits_per_year" in page.url.replace("%3D", "=")
    assert settled(page) != first


def test_two_people_each_have_their_own_draft(visit):
    one, two = visit(), visit("?lang=en&set=arts_pe.recruits_per_year=40")
    assert settled(one) != settled(two)
    assert "Policy" in two.locator("header, nav, body").first.inner_text()
    one.get_by_text("English", exact=True).click()
    one.get_by_role("button", name="Settings").first.wait_for()
    one.wait_for_url("**lang=en**")


@pytest.mark.parametrize("name", ["", "county", "compare", "seek", "explain", "documents"])
def test_it_fits_a_narrow_screen(visit, name):
    page = visit(name, width=390)
    page.wait_for_timeout(1500)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 391
    assert not page.locator('[data-testid="stException"]').count()


def test_names_are_never_run(visit, server):
    for nth, title in enumerate(HOSTILE):
        save_policy(
            server.folder / "scenario.yaml",
            f"hostile-{nth}",
            title=title,
            title_en=title,
            about=title,
            changes={"arts_pe.recruits_per_year": "9"},
        )
    page = visit("?policy=hostile-0")
    settled(page)
    assert HOSTILE[0] in page.locator("body").inner_text()
    assert not page.locator("img[src=x]").count()
    compare = visit("documents?policy=hostile-0")
    compare.wait_for_timeout(2000)
    assert not compare.locator("img[src=x]").count()


def test_each_document_is_downloaded_and_opens(visit):
    page = visit("documents?lang=en&set=arts_pe.recruits_per_year=12")
    page.wait_for_selector("text=Workbook (Excel)")
    page.wait_for_function("() => !document.querySelector('[data-testid=stProgress]')")

    def downloaded(label):
        with page.expect_download(timeout=60_000) as waiting:
            page.get_by_role("button", name=label).click()
        return waiting.value.path().read_bytes()

    assert "Summary" in openpyxl.load_workbook(io.BytesIO(downloaded("Workbook"))).sheetnames
    assert b"<html" in downloaded("Report")[:400]
    assert Document(io.BytesIO(downloaded("Briefing"))).paragraphs
    assert b"recruits_per_year: 12" in downloaded("Scenario file")


def test_good_and_broken_tables_are_checked_and_bombs_refused(visit, server, tmp_path):
    good, bomb = tmp_path / "good.xlsx", tmp_path / "bomb.xlsx"
    export_scenario(load_scenario(server.folder / "scenario.yaml"), good)
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", bytes(400 * 1024 * 1024))
    broken = tmp_path / "broken.csv"
    broken.write_text(
        "姓名,学校,出生年月\n<img src=x onerror=alert(1)>,甲,1850-13\n", encoding="utf-8"
    )
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    told = "没有错误，可以导入", "改正 1 处错误后才能导入", "解压后超过300MB"
    for file, text in zip((good, broken, bomb), told, strict=True):
        page = upload(visit, file)
        page.get_by_text(text).first.wait_for()
        assert not page.locator("img[src=x]").count()
    page = upload(visit, large)
    page.wait_for_selector('[data-testid="stFileChipIconError"]')
    assert not page.get_by_text("可以导入").count()
    settled(visit())  # it is still there


def test_who_asks_the_server_itself_cannot_fill_its_memory(visit, server):
    """The browser refuses a large file; so does the server, whatever a program sends."""
    settled(visit())
    before = psutil.Process(server.process.pid).memory_info().rss
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall(
            b"PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Type: application/octet-stream\r\nContent-Length: 209715200\r\n\r\n"
        )
        with contextlib.suppress(OSError):  # it hangs up
            for _ in range(200):
                line.sendall(bytes(1024 * 1024))
            assert b" 4" in line.recv(1024)
    assert psutil.Process(server.process.pid).memory_info().rss - before < 100 * 1024 * 1024
    settled(visit())


def test_ten_uploads_at_once_are_all_checked(visit, server, tmp_path):
    good = tmp_path / "good.xlsx"
    export_scenario(load_scenario(server.folder / "scenario.yaml"), good)
    pages = [upload(visit, good) for _ in range(10)]
    for page in pages:
        page.get_by_text("可以导入").first.wait_for(timeout=120_000)
    settled(visit())


def test_sound_tables_are_imported_on_purpose(visit, server, tmp_path):
    good = tmp_path / "good.xlsx"
    export_scenario(load_scenario(server.folder / "scenario.yaml"), good)
    page = upload(visit, good)
    page.get_by_label("目录名").fill("imported")
    page.get_by_role("button", name="导入为县目录").click()
    page.get_by_text("workforce-sim app --county").first.wait_for()
    folder = server.folder.parent / "imported"
    assert load_scenario(folder / "scenario.yaml").judged_year
    assert "姓名" not in (folder / "roster.csv").read_text(encoding="utf-8-sig")
    page.get_by_role("button", name="导入为县目录").click()  # once more, without the tick
    page.get_by_text("没有导入").first.wait_for()


def test_compare_and_seek_answer(visit):
    page = visit("compare?set=arts_pe.recruits_per_year=12")
    page.get_by_role("button", name="比较", exact=True).click()
    page.get_by_text("排第一的是").wait_for(timeout=60_000)
    page.get_by_text("数据表与下载").first.click()
    page.get_by_role("columnheader", name="最好的把握").first.wait_for()
    page = visit("seek")
    page.get_by_role("button", name="求解", exact=True).click()
    page.get_by_text("停止").first.wait_for()
    page.get_by_role("button", name="停止").first.click()
    page = visit("seek")  # another time to its end
    page.get_by_role("button", name="求解", exact=True).click()
    page.get_by_role("button", name="在政策页试用这个答案").wait_for(timeout=240_000)
    page.get_by_role("button", name="在政策页试用这个答案").click()
    settled(page)
    assert "seek" not in page.url and "arts_pe.recruits_per_year" in page.url


def test_of_two_who_save_the_same_policy_the_second_is_told(visit, server):
    path = server.folder / "scenario.yaml"
    words = {"title": "两人的政策", "title_en": "Of two", "about": "两人"}
    save_policy(path, "of-two", **words, changes={"arts_pe.recruits_per_year": "17"})
    page = visit("?policy=of-two&set=arts_pe.recruits_per_year=19")
    settled(page)
    (mine,) = (policy for policy in saved_policies(path)[0] if policy.key == "of-two")
    theirs = {"arts_pe.recruits_per_year": "23"}
    save_policy(path, "of-two", **words, changes=theirs, replaces=mine.digest)
    page.get_by_role("button", name="保存").first.click()
    page.get_by_text("覆盖打开的政策").click()
    page.get_by_text("别人改过这个政策。").first.wait_for()
    send = '[data-testid="stFormSubmitButton"] button'  # for a moment there is the form before
    page.wait_for_function("send => document.querySelectorAll(send).length === 1", arg=send)
    page.locator(send).click()
    page.get_by_text("没有保存").first.wait_for()
    kept = load_scenario(server.folder / "policies" / "of-two.yaml")
    assert kept.arts_pe.recruits_per_year.at(2023) == 23


def test_a_killed_server_has_lost_nothing_that_was_saved(visit, server):
    save_policy(
        server.folder / "scenario.yaml",
        "kept",
        title="留下的政策",
        title_en="Kept",
        about="留下",
        changes={"arts_pe.recruits_per_year": "17"},
    )
    before = settled(visit("?policy=kept"))
    server.kill()
    server.start()
    page = visit("?policy=kept")
    assert settled(page) == before != settled(visit())
    assert "policy=kept" in page.url
