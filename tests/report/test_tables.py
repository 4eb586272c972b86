from __future__ import annotations

import json

import pandas as pd
import pyarrow.parquet as pq
import pytest

from workforce_sim.report.tables import for_people, write_tables
from workforce_sim.words import Words

ZH = Words("zh")


@pytest.fixture(scope="module")
def folder(projection, tmp_path_factory):
    folder = tmp_path_factory.mktemp("out") / "tables"
    write_tables(projection, folder, ZH)
    return folder


def test_parquet_gives_the_frames_back_with_their_provenance(projection, folder):
    for name, frame in projection.tables.items():
        path = folder / f"{name}.parquet"
        pd.testing.assert_frame_equal(pd.read_parquet(path), frame)
        metadata = pq.read_schema(path).metadata
        assert json.loads(metadata[b"workforce_sim"]) == projection.provenance


def test_csv_has_a_bom_chinese_headings_and_the_same_numbers(projection, folder):
    for name, frame in projection.tables.items():
        raw = (folder / f"{name}.csv").read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf") and b"\r" not in raw
        read = pd.read_csv(folder / f"{name}.csv", encoding="utf-8-sig")
        shown = [c for c in frame.columns if not c.endswith("_en")]
        assert len(read) == len(frame)
        for heading, column in zip(read.columns, shown, strict=False):
            if pd.api.types.is_numeric_dtype(frame[column]) and frame[column].dtype != bool:
                expected = frame[column].astype(float)
                pd.testing.assert_series_equal(
                    read[heading].astype(float), expected, check_names=False, check_exact=True
                )
    ratios = pd.read_csv(folder / "ratios.csv", encoding="utf-8-sig")
    assert list(ratios.columns[:3]) == ["年份", "学段", "指标"]
    assert set(ratios["学段"]) == {"小学", "初中", "小学和初中"}


def test_verdicts_are_of_passing_only_where_all_seven_are_looked_at(partial, folder, tmp_path):
    write_tables(partial, tmp_path, ZH)
    for table, column in (("verdicts", "判定"), ("first_year", "指标")):
        whole, some = (
            set(pd.read_csv(at / f"{table}.csv", encoding="utf-8-sig")[column])
            for at in (folder, tmp_path)
        )
        assert "资源配置通过" in whole and not any("否决" in word for word in whole)
        assert any("未被否决" in word for word in some) and not any("通过" in w for w in some)


def test_every_simulated_row_says_whether_it_rests_on_synthetic_data(projection, folder):
    for name in projection.tables:
        read = pd.read_csv(folder / f"{name}.csv", encoding="utf-8-sig")
        if name in ("assumptions", "reconciliation"):  # read, not simulated
            assert "含合成数据" not in read
        else:
            assert set(read["含合成数据"]) == {"是"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "\t=", "\r@"])
def test_a_name_is_never_run_as_a_formula(start):
    name = f"{start}HYPERLINK(1)"
    frame = pd.DataFrame({"school": [name, "好=小学"], "mean": [-1.5, 2.0]})
    shown = for_people(frame, ZH)
    assert list(shown["学校"]) == [f"'{name}", "好=小学"]
    assert list(shown["均值"]) == [-1.5, 2.0]  # numbers may be negative


def test_the_language_chooses_among_columns_in_two_languages(projection):
    assert "Junior: staff" in set(for_people(projection.reconciliation, Words("en"))["figure"])
    chinese = for_people(projection.reconciliation, ZH)
    assert "初中：教职工" in set(chinese["数据"])
    assert set(chinese["一致"]) == {"否", "是"}


def test_same_bytes_for_the_same_projection(projection, folder, tmp_path):
    write_tables(projection, tmp_path, ZH)
    for path in folder.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()
