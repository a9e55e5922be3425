"""Folders at URLs: how they are named, and that whatever goes wrong with them is one line."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys

import pytest

from napari_hyperseg.errors import SharedFolderError
from napari_hyperseg.survey.shared.folder import SharedFolder
from napari_hyperseg.survey.shared.patience import within


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("s3://bucket/a folder/", "s3://bucket/a folder"),
        (" S3://bucket ", "s3://bucket"),
        ("/mnt/shared/", "file:///mnt/shared"),
        ("file:///mnt/shared", "file:///mnt/shared"),
        ("abfs://container@account.dfs.core.windows.net/x", None),
        ("sftp://me@host/x", None),
    ],
)
def test_a_url_is_read_as_it_is_meant(said, meant):
    assert str(SharedFolder.parse(said)) == (meant or said)
    assert SharedFolder.parse(str(SharedFolder.parse(said))) == SharedFolder.parse(said)


def test_a_path_is_one_of_this_computer(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert SharedFolder.parse("there").path == tmp_path / "there"
    assert SharedFolder.parse("s3://bucket/x").path is None


@pytest.mark.parametrize(
    "said",
    [
        "s3://AKIA123:hush/hush@bucket/x",
        "sftp://me:hush@host/x",
        "https://u:hush@host",
        "s3://:hush@b",
    ],
)
def test_a_password_is_refused_and_not_told(said):
    with pytest.raises(SharedFolderError, match="holds a password") as refused:
        SharedFolder.parse(said)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    "said",
    ["s3://", "s3:///", "simplecache::s3://a/b", "s3://a::s3://b", "https://a/b?key=1", "s3://a#b"],
)
def test_what_is_no_folder_is_refused(said):
    with pytest.raises(SharedFolderError, match="is no folder"):
        SharedFolder.parse(said)


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.slow)])
def folder(request, tmp_path):
    if request.param == "folder":
        return SharedFolder.at(tmp_path / "there")
    return SharedFolder(request.getfixturevalue("s3").url(f"{tmp_path.name}/there"))


def test_files_are_written_read_listed_and_removed(folder):
    assert folder.sizes() == {}
    folder.clear()
    folder.remove("none")
    assert folder.read_if_there("none") is None
    folder.write("a", b"one")
    folder.inside("b").write("c", b"other")
    folder.write("a", b"two!")
    assert folder.read("a") == b"two!"
    assert folder.sizes() == {"a": 4, "b/c": 5}
    folder.check()
    assert folder.sizes() == {"a": 4, "b/c": 5}
    folder.inside("b").clear()
    folder.remove("a")
    assert folder.sizes() == {}
    with pytest.raises(SharedFolderError, match="there/a is missing"):
        folder.read("a")


def check_one_line(error, url):
    text = str(error.value)
    assert "\n" not in text
    assert text.startswith(url)
    assert re.search(r"[.]$", text)


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    folder = SharedFolder.at(tmp_path / "file" / "there")
    with pytest.raises(
        SharedFolderError, match=r"there cannot be written: .*Not a directory"
    ) as error:
        folder.check()
    check_one_line(error, folder.url)


def test_a_protocol_that_nobody_knows_is_one_line():
    folder = SharedFolder.parse("gopher://host/x")
    with pytest.raises(SharedFolderError, match="gopher") as error:
        folder.check()
    check_one_line(error, folder.url)


@pytest.mark.slow
def test_a_bucket_that_there_is_not_is_one_line(s3):
    folder = SharedFolder("s3://no-such-bucket/x")
    with pytest.raises(SharedFolderError, match="bucket does not exist") as error:
        folder.check()
    check_one_line(error, folder.url)


ASK = """
from napari_hyperseg.survey.shared import folder
folder.ANSWER_S = 1.0
try:
    folder.SharedFolder("s3://surveys/x").check()
except folder.SharedFolderError as error:
    print(error)
"""


@pytest.mark.slow
def test_a_store_that_does_not_answer_is_given_up(s3):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        environment = {**os.environ, **s3.environment, "AWS_ENDPOINT_URL": endpoint}
        done = subprocess.run(
            [sys.executable, "-c", ASK],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
            env=environment,
        )
    assert done.stdout == "s3://surveys/x cannot be used: no answer within 1 s.\n"


def test_work_within_a_time_is_as_without():
    done = []
    within(30, lambda: done.append(1))
    assert done == [1]
    with pytest.raises(ZeroDivisionError):
        within(30, lambda: done.append(1 / 0))
