"""Nobody is lost: every folder, file and zip that was handed in has a row, in the layouts in which platforms hand copies out."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

import nbformat
import pytest

from jwt_demo.exercises.registry import exercises
from jwt_demo.grading.file_names import read_name
from jwt_demo.grading.handed_in import Learner, NothingToJudge, learners_in

TITLES = {"01": "setup", "02": "login", "06": "claims_and_time", "12": "final_exam"}


def notebook(path: Path, source: str = "", cell: str = "a-cell") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [nbformat.v4.new_code_cell(source, id=cell)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def rows(folder: Path, *steps: str) -> dict[str, list[str]]:
    """Each learner's steps, by the name in the row."""
    return {row.name: steps_of(row) for row in learners_in([folder], steps, room=folder.parent)}


def steps_of(learner: Learner) -> list[str]:
    return [found.step for found in learner.notebooks]


LAYOUTS = {
    "Moodle, a folder each": (
        [
            "Lin Wei_123456_assignsubmission_file_/02_login.ipynb",
            "Mei_123457_assignsubmission_file_/02_login.ipynb",
        ],
        {"Lin Wei": ["02"], "Mei": ["02"]},
    ),
    "Moodle, all in one folder": (
        [
            "Lin Wei_123456_assignsubmission_file_02_login.ipynb",
            "Lin Wei_123456_assignsubmission_file_03_middleware.ipynb",
            "Mei_9_8_02_login.ipynb",
        ],
        {"Lin Wei": ["02", "03"], "Mei": ["02"]},
    ),
    "Canvas": (
        [
            "weilin_12345_678901_02_login.ipynb",
            "weilin_12345_678902_03_middleware-1.ipynb",
            "adalace_LATE_777_99_02_login.ipynb",
        ],
        {"weilin": ["02", "03"], "adalace": ["02"]},
    ),
    "Google Classroom": (
        ["Copy of 02_login.ipynb", "02_login - Lin Wei.ipynb", "Mei Tan - 02_login.ipynb"],
        {"class": ["02"], "Lin Wei": ["02"], "Mei Tan": ["02"]},
    ),
    "Google Classroom, another step each": (
        ["Lin Wei - 02_login.ipynb", "Mei Tan - 03_middleware.ipynb"],
        {"Lin Wei": ["02"], "Mei Tan": ["03"]},
    ),
    "folders, and a file of somebody without one": (
        ["ada/02_login.ipynb", "Mei Tan - 02_login.ipynb", "kim/homework.pdf", "lin.pdf", "eve/"],
        {"ada": ["02"], "Mei Tan": ["02"], "kim": [], "lin.pdf": [], "eve": []},
    ),
    "folders, and a file of nobody": (
        ["ada/02_login.ipynb", "02_login.ipynb", "kim/homework.pdf", "lin.pdf"],
        {"ada": ["02"], "class": ["02"], "kim": [], "lin.pdf": []},
    ),
    "one learner's copy, with files of their own": (
        ["01_setup.ipynb", "my 02_login.ipynb", "notes.pdf", "pictures/one.png"],
        {"class": ["01", "02"]},
    ),
    "one learner's working copy": (
        [
            ".jwt_demo/progress/01",
            "01_setup.ipynb",
            "02_login.ipynb",
            "02_login from Mei.ipynb",
            "02_login of Lin.ipynb",
            "pictures/one.png",
        ],
        {
            "class": ["01", "02"],
            "class/from Mei": ["02"],
            "class/of Lin": ["02"],
        },
    ),
    "GitHub Classroom": (
        [
            "jwt-course-lin/notebooks/02_login.ipynb",
            "jwt-course-lin/README.md",
            "jwt-course-mei/notebooks/02_login.ipynb",
        ],
        {"jwt-course-lin": ["02"], "jwt-course-mei": ["02"]},
    ),
    "nbgrader": (
        [
            "submitted/lin/ps1/01_setup.ipynb",
            "submitted/lin/ps2/02_login.ipynb",
            "submitted/mei/ps1/01_setup.ipynb",
            "source/ps1/01_setup.ipynb",
        ],
        {"lin": ["01", "02"], "mei": ["01"]},
    ),
    "working copies": (
        [
            "mei/jwt-course/02_login.ipynb",
            "mei/jwt-course/.jwt_demo/backup/02_login.ipynb",
            "lin/workbook/02_login.new-2.0.ipynb",
            "lin/workbook/02_login.ipynb",
        ],
        {"mei": ["02"], "lin": ["02"]},
    ),
    "names that people give": (
        [
            "ada/Login final.ipynb",
            "bob/02 login (1).ipynb",
            "eve/2_login.ipynb",
            "kim/notebook 06.ipynb",
        ],
        {"ada": ["02"], "bob": ["02"], "eve": ["02"], "kim": ["06"]},
    ),
    "two learners in one folder": (
        ["group/ada_02_login.ipynb", "group/bob_02_login.ipynb"],
        {"group/ada": ["02"], "group/bob": ["02"]},
    ),
    "one step twice": (
        ["ada/02_login.ipynb", "ada/old/02_login.ipynb"],
        {"ada": ["02"], "ada (old/02_login)": ["02"]},
    ),
    "one copy": (["01_setup.ipynb", "02_login.ipynb"], {"class": ["01", "02"]}),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("zipped", [False, True], ids=["a folder", "a zip of it"])
def test_every_layout_is_found(tmp_path: Path, layout: str, zipped: bool) -> None:
    """As it was handed in, and as one zip, as platforms let teachers download it."""
    files, expected = LAYOUTS[layout]
    for file in files:
        if file.endswith(".ipynb"):
            notebook(tmp_path / "class" / file)
        elif file.endswith("/"):
            (tmp_path / "class" / file).mkdir()
        else:
            (tmp_path / "class" / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "class" / file).write_text("text")
    place = tmp_path / "class"
    if zipped:
        place = tmp_path / "class.zip"
        with zipfile.ZipFile(place, "w") as archive:
            for file in files:
                archive.write(tmp_path / "class" / file, file)
    assert rows(place) == expected


def test_what_is_nothing_to_judge_has_a_row_with_the_reason(tmp_path: Path) -> None:
    """An empty folder, another file, an archive, a link, a pipe, a zip that is none, a notebook of something else."""
    room = tmp_path / "class"
    notebook(room / "ada" / "02_login.ipynb")
    (room / "empty").mkdir()
    (room / "homework.pdf").write_text("pdf")
    (room / "mei.rar").write_text("rar")
    (room / "broken.zip").write_text("no zip")
    notebook(room / "kim" / "Untitled.ipynb", "1 + 1")
    os.symlink("/etc/hostname", room / "link.ipynb")
    os.mkfifo(room / "pipe")
    (room / "lin").mkdir()
    os.mkfifo(room / "lin" / "02_login.ipynb")
    (room / "grades.csv").write_text("a teacher's own")
    (room / "__MACOSX").mkdir()
    problems = {row.name: row.problems for row in learners_in([room], room=tmp_path)}
    assert problems.pop("ada") == {}
    assert {
        name: " ".join(found.values()).split("(")[0].strip() for name, found in problems.items()
    } == {
        "empty": "no notebook in it",
        "lin": "no notebook in it",
        "homework.pdf": "not a notebook",
        "mei.rar": "an archive that is no zip: unpack it and run this again",
        "broken.zip": "a zip that cannot be unpacked",
        "kim": "neither its name nor its cells name a step of the course",
        "link.ipynb": "a link, which is not followed",
        "pipe": "not a plain file",
    }


def test_a_step_that_no_name_says_is_read_from_the_cells(tmp_path: Path) -> None:
    """By the id of an exercise's cell, or by the exercise that a check names."""
    notebook(tmp_path / "class" / "ada" / "mine.ipynb", cell="02-try-login")
    notebook(tmp_path / "class" / "bob" / "mine.ipynb", "await check(f, exercise='03-find-user')")
    assert rows(tmp_path / "class") == {"ada": ["02"], "bob": ["03"]}


def test_a_learners_own_zip_is_a_learner(tmp_path: Path) -> None:
    """Beside others' folders."""
    notebook(tmp_path / "class" / "ada" / "02_login.ipynb")
    inside = notebook(tmp_path / "elsewhere" / "02_login.ipynb")
    with zipfile.ZipFile(tmp_path / "class" / "mei.zip", "w") as archive:
        archive.write(inside, "jwt-course/02_login.ipynb")
    assert rows(tmp_path / "class") == {"ada": ["02"], "mei": ["02"]}


@pytest.mark.parametrize(
    "name", ["../../out.ipynb", "/out.ipynb", "a/../../out.ipynb", "c:\\out.ipynb"]
)
def test_a_zip_that_leads_out_of_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    """Nothing is written anywhere else."""
    notebook(tmp_path / "class" / "ada" / "02_login.ipynb")
    with zipfile.ZipFile(tmp_path / "class" / "mei.zip", "w") as archive:
        archive.writestr(name, "{}")
    (mei,) = [
        row for row in learners_in([tmp_path / "class"], room=tmp_path) if row.name == "mei.zip"
    ]
    assert "leads out of its folder" in mei.problems["mei.zip"]
    assert not list(tmp_path.rglob("out.ipynb"))


def test_a_zip_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    """Counted while it is unpacked, whatever its own list says; nothing of it stays on the disk."""
    notebook(tmp_path / "class" / "ada" / "02_login.ipynb")
    with zipfile.ZipFile(
        tmp_path / "class" / "mei.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1
    ) as archive:
        archive.writestr("zeros", bytes(201 << 20))
    (mei,) = [
        row for row in learners_in([tmp_path / "class"], room=tmp_path) if row.name == "mei.zip"
    ]
    assert "200 MiB unpacked" in mei.problems["mei.zip"]
    assert not list(tmp_path.rglob("zeros"))


def test_zips_share_half_of_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 8 MiB that are free each of two zips may take 2: the large one is refused, and the other learner has what she handed in."""
    free = shutil.disk_usage(tmp_path)._replace(free=8 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: free)
    inside = notebook(tmp_path / "02_login.ipynb")
    for name, size in {"mei": 3 << 20, "noor": 1 << 20}.items():
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(inside, "jwt-course/02_login.ipynb")
            archive.writestr("zeros", bytes(size))
    handed_in = tmp_path / "class"
    handed_in.mkdir()
    for archive in tmp_path.glob("*.zip"):
        archive.rename(handed_in / archive.name)
    mei, noor = learners_in([handed_in], room=tmp_path)
    assert mei.problems == {
        "mei.zip": "a zip that cannot be unpacked (ValueError: more than 2 MiB unpacked)"
    }
    assert [each.step for each in noor.notebooks] == ["02"]


def test_learners_of_one_name_are_told_apart(tmp_path: Path) -> None:
    """Two classes with an Ada in each, and two of one name on a platform."""
    notebook(tmp_path / "monday" / "ada" / "01_setup.ipynb")
    notebook(tmp_path / "friday" / "ada" / "01_setup.ipynb")
    names = [row.name for row in learners_in([tmp_path / "monday", tmp_path / "friday"])]
    assert names == [str(Path("monday/ada")), str(Path("friday/ada"))]
    notebook(tmp_path / "moodle" / "Lin_123_1_02_login.ipynb")
    notebook(tmp_path / "moodle" / "Lin_456_2_02_login.ipynb")
    assert set(rows(tmp_path / "moodle")) == {"Lin (123)", "Lin (456)"}


def test_only_the_steps_that_were_asked_for(tmp_path: Path) -> None:
    """Whoever has none of them is told so; a class without any notebook is an error."""
    notebook(tmp_path / "class" / "ada" / "01_setup.ipynb")
    notebook(tmp_path / "class" / "bob" / "02_login.ipynb")
    assert rows(tmp_path / "class", "02") == {"ada": [], "bob": ["02"]}
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "empty", tmp_path / "nowhere"):
        with pytest.raises(NothingToJudge):
            learners_in([path])


def test_a_notebook_alone_belongs_to_its_folder(tmp_path: Path) -> None:
    """Unless its name says whose it is."""
    path = notebook(tmp_path / "ada" / "01_setup.ipynb")
    assert [row.name for row in learners_in([path])] == ["ada"]


@pytest.mark.parametrize("step", sorted({exercise.step for exercise in exercises().values()}))
def test_a_lessons_own_name_says_its_step(step: str) -> None:
    """For every step of the course."""
    from jwt_demo.grading.handed_in import course_names

    titles = {name[:2]: name[3:].removesuffix(".ipynb") for name in course_names()}
    own = f"{step}_{titles[step]}"
    for name in (
        own,
        f"Copy of {own}",
        f"{own} (1)",
        f"{own}-Copy1",
        own.replace("_", " "),
        f"lin_123_456_{own}",
    ):
        assert read_name(name, titles).step == step, name
        assert read_name(name, titles).who in ("", "lin"), name
