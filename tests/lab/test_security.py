"""Who may ask the lab, and what it opens: each refusal, against a server that runs."""

import json
import os
import stat
import sys

import pytest

from convivo.errors import BadInput
from convivo.lab.entry import Tickets, kept_token
from convivo.lab.folders import Place, open_folders
from convivo.lab.models import Models


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the table of ports as Linux has it")
def test_it_listens_on_this_machine_alone(lab):
    assert lab.host.startswith("127.0.0.1:")
    port = int(lab.host.split(":")[1])
    with open("/proc/net/tcp") as table:  # noqa: PTH123
        listening = [row.split()[1] for row in table if row.split()[3] == "0A"]
    assert f"0100007F:{port:04X}" in listening
    assert f"00000000:{port:04X}" not in listening


@pytest.mark.parametrize("path", ["/", "/api/images", "/api/news"])
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1.evil.example:{port}", ""]
)
def test_a_foreign_name_is_refused_so_that_no_page_rebinds_it(lab, path, host):
    named = host.format(port=lab.host.split(":")[1])
    status, _, said = lab.ask("GET", path, headers={"Host": named, "Authorization": f"Bearer {lab.token}"})
    assert status == 421
    assert json.loads(said)["fix"]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://{host}"])
def test_a_foreign_page_may_not_ask_even_with_the_token(lab, method, origin):
    headers = {
        "Host": lab.host,
        "Authorization": f"Bearer {lab.token}",
        "Origin": origin.format(host=lab.host),
    }
    assert lab.ask(method, "/api/images/x.tif", b"{}", headers=headers)[0] == 403


def test_the_labs_own_page_may_ask(lab):
    headers = {"Host": lab.host, "Authorization": f"Bearer {lab.token}", "Origin": lab.address}
    assert lab.ask("GET", "/api/images", headers=headers)[0] == 200


@pytest.mark.parametrize("given", [None, "", "Bearer ", "Bearer wrong", "Basic {token}", "Bearer {token}x"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/images"),
        ("PUT", "/api/images/a.tif"),
        ("DELETE", "/api/images/own-0000000000000000"),
        ("POST", "/api/ask/picture"),
        ("GET", "/api/news"),
        ("GET", "/api/folders"),
        ("GET", "/api/models"),
        ("GET", "/api/jobs"),
        ("POST", "/api/jobs"),
        ("GET", "/api/nothing-like-it"),
    ],
)
def test_nothing_is_told_or_done_without_the_token(lab, method, path, given):
    headers = {"Host": lab.host}
    if given is not None:
        headers["Authorization"] = given.format(token=lab.token)
    status, _, said = lab.ask(method, path, b"{}", headers=headers)
    assert status == 401
    assert b"convivo lab" in said


def test_the_page_itself_allows_no_foreign_script_style_or_frame(lab):
    for path in ("/", "/api/images"):
        _, headers, _ = lab.ask("GET", path)
        policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in headers
    _, _, page = lab.ask("GET", "/")
    assert b"<script>" not in page
    assert b"style=" not in page


@pytest.mark.parametrize(
    "path", ["/../card.json", "/%2e%2e/%2e%2e/serve.py", "/assets/../../../serve.py", "/..%2fserve.py"]
)
def test_the_page_serves_nothing_beside_itself(lab, path):
    status, _, said = lab.ask("GET", path)
    assert status in (400, 404)
    assert b"import" not in said


def test_a_ticket_opens_once():
    tickets = Tickets()
    one, other = tickets.new(), tickets.new()
    assert one != other
    assert tickets.tear(one)
    assert not tickets.tear(one)
    assert not tickets.tear("made up")
    assert tickets.tear(other)


def test_a_made_up_ticket_gets_no_token(lab):
    status, _, said = lab.ask("POST", "/api/token", b'{"ticket": "made up"}', headers={"Host": lab.host})
    assert status == 401
    assert lab.token.encode() not in said


def test_the_token_is_for_its_owner_alone_and_outlives_a_restart(tmp_path):
    token = kept_token(tmp_path / "lab")
    assert len(token) >= 32
    assert kept_token(tmp_path / "lab") == token
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "lab" / "token").stat().st_mode) == 0o600


@pytest.fixture
def folders(tmp_path):
    """A chosen folder, a secret beside it, and ways that lead there."""
    chosen, secret = tmp_path / "chosen", tmp_path / "secret"
    (chosen / "inside").mkdir(parents=True)
    secret.mkdir()
    (secret / "image.tif").write_bytes(b"II*\0")
    (chosen / ".hidden").mkdir()
    (chosen / "link").symlink_to(secret)
    (chosen / "link.tif").symlink_to(secret / "image.tif")
    return open_folders(tmp_path / "lab", [chosen])


@pytest.mark.parametrize(
    "path",
    [
        "..",
        "../secret",
        "inside/../../secret",
        "/",
        "/etc",
        "~",
        "link",
        "link/image.tif",
        "link.tif",
        ".hidden",
        "inside/..",
        "C:\\",
        "inside\\..\\..\\secret",
        "a\0b",
    ],
)
def test_no_path_leads_out_of_the_chosen_folders(folders, path):
    with pytest.raises(BadInput, match="leads out|is not there"):
        folders.existing(Place(1, path))
    with pytest.raises(BadInput, match="leads out"):
        folders.path_of(Place(1, path))


@pytest.mark.parametrize("root", [-1, 2, 99])
def test_a_folder_that_was_not_chosen_has_no_number(folders, root):
    with pytest.raises(BadInput, match="no chosen folder"):
        folders.path_of(Place(root, ""))


def test_links_that_lead_out_and_hidden_things_are_not_listed(folders):
    assert [entry.name for entry in folders.listing(Place(1)).entries] == ["inside"]


def test_training_data_whose_files_lie_elsewhere_is_refused(folders, tmp_path):
    data = tmp_path / "chosen" / "data"
    for part in ("images", "masks"):
        (data / part).mkdir(parents=True)
        (data / part / "a.tif").write_bytes(b"II*\0")
    assert folders.data(Place(1, "data")) == data
    (data / "images" / "b.tif").symlink_to(tmp_path / "secret" / "image.tif")
    with pytest.raises(BadInput, match="leads out"):
        folders.data(Place(1, "data"))


def test_a_folder_of_images_with_a_link_that_leads_out_is_refused(folders):
    with pytest.raises(BadInput, match="leads out"):
        folders.images(Place(1))


def test_a_model_whose_files_lie_elsewhere_is_not_offered(folders, tmp_path):
    for name, target in (("good", None), ("bad", tmp_path / "secret" / "weights.safetensors")):
        (tmp_path / "chosen" / name).mkdir()
        (tmp_path / "chosen" / name / "card.json").write_text('{"name": "m", "method": "unet"}')
        weights = tmp_path / "chosen" / name / "weights.safetensors"
        weights.write_bytes(b"") if target is None else weights.symlink_to(target)
    listed = [each.id for each in Models(folders).listed() if each.origin == "folder"]
    assert listed == ["folder:1:good"]
    with pytest.raises(BadInput, match="no model"):
        Models(folders).path_of("folder:1:bad")


def test_a_listing_over_http_refuses_to_leave(lab):
    status, _, said = lab.ask("GET", "/api/folders/1?path=../")
    assert status == 400
    assert "leads out" in json.loads(said)["problem"]
