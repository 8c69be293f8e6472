"""What a CI system reads: JUnit, SARIF, the baseline, the pages."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from jwt_demo.probes import ALL_PROBES, CannotProbe, Report
from jwt_demo.probes.baseline import Baseline, template
from jwt_demo.probes.junit import junit
from jwt_demo.probes.model import BROKEN, CRASH, HELD, HOLE, HYGIENE, NOT_RUN, Result
from jwt_demo.probes.pages import FOLDER
from jwt_demo.probes.pages.__main__ import page
from jwt_demo.probes.sarif import sarif

BY_NAME = {each.name: each for each in ALL_PROBES}
KNOWN = set(BY_NAME)


@pytest.fixture
def report() -> Report:
    return Report(
        [
            Result(BY_NAME["expired"], BROKEN, "200, accepted\x00<", severity=HOLE),
            Result(BY_NAME["respelled"], BROKEN, "= at the end: 200, accepted", severity=HYGIENE),
            Result(BY_NAME["alg-none"], HELD, "401 invalid_token"),
            Result(BY_NAME["jwks-public"], NOT_RUN, "no JWK Set"),
        ]
    )


def test_junit_has_a_case_for_each_probe(report: Report):
    """What fails the run is a failure, what was not run is skipped, and the rest passes; any text stays XML."""
    suite = ElementTree.fromstring(junit(report, {"expired"}, {"respelled": "the proxy strips it"}))
    assert {name: suite.get(name) for name in ("tests", "failures", "skipped")} == {
        "tests": "4",
        "failures": "1",
        "skipped": "1",
    }
    cases = {case.get("name"): case for case in suite}
    assert "accepted\\x00<" in cases["expired"].find("failure").get("message")
    assert "the proxy strips it" in cases["respelled"].find("system-out").text


def test_sarif_has_a_rule_and_a_result_for_each_finding(report: Report):
    """Levels follow the severity, each rule links to a page that is there, and an accepted finding is suppressed."""
    run = json.loads(json.dumps(sarif(report, "http://127.0.0.1:1", {"respelled": "why"})))["runs"][
        0
    ]
    assert [(each["ruleId"], each["level"]) for each in run["results"]] == [
        ("expired", "error"),
        ("respelled", "note"),
    ]
    for place, result in enumerate(run["results"]):
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert result["ruleIndex"] == place
        assert Path(rule["helpUri"].removeprefix("file://")).exists()
    assert run["results"][1]["suppressions"][0]["justification"] == "why"


def test_a_baseline_accepts_what_it_names_and_no_worse(report: Report, tmp_path: Path):
    """An accepted finding passes, a worse one does not, and one that is gone is stale."""
    path = tmp_path / "baseline.toml"
    path.write_text(
        '[respelled]\nseverity = "hygiene"\nreason = "x"\n[expired]\nseverity = "must"\nreason = "y"\n[alg-none]\nseverity = "hole"\nreason = "z"\n'
    )
    baseline = Baseline.read(path, KNOWN)
    assert baseline.accepted(report) == {"respelled": "x"}
    assert baseline.stale(report) == ["alg-none"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[respelled]\nseverity = 'hygiene'\n", "needs a reason"),
        ("[respelled]\nseverity = 'bad'\nreason = 'x'\n", "needs a severity"),
        ("[none-such]\n", "no probe is called"),
        ("[", "is no TOML"),
    ],
)
def test_a_baseline_that_is_none_is_one_line(text: str, message: str, tmp_path: Path):
    """It names the option and the table."""
    path = tmp_path / "baseline.toml"
    path.write_text(text)
    with pytest.raises(CannotProbe, match=message) as refusal:
        Baseline.read(path, KNOWN)
    assert str(refusal.value).startswith("--baseline")


def test_a_written_baseline_waits_for_reasons(report: Report, tmp_path: Path):
    """Each finding has its table, and none is accepted before a person has written why."""
    path = tmp_path / "baseline.toml"
    path.write_text(template(report))
    with pytest.raises(CannotProbe, match="needs a reason"):
        Baseline.read(path, KNOWN)
    path.write_text(template(report).replace('reason = ""', 'reason = "known"'))
    assert set(Baseline.read(path, KNOWN).accepted(report)) == {"expired", "respelled"}


def test_each_probe_has_its_page():
    """The files of the package are what the probes and the fixes say now; `python -m jwt_demo.probes.pages` writes them."""
    assert {path.stem for path in FOLDER.glob("*.md")} == KNOWN
    for each in ALL_PROBES:
        assert (FOLDER / f"{each.name}.md").read_text(encoding="utf-8") == page(each), each.name


def test_severities_count_causes_once(report: Report):
    """What fails a run is asked of the findings."""
    assert [result.probe.name for result in report.of_severity(HOLE, CRASH)] == ["expired"]
