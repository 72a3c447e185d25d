"""A card says which code trained the model, where that can be known."""

from convivo.model.commit import running_commit

HASH = "0123456789abcdef0123456789abcdef01234567"


def test_the_commit_is_found_loose_packed_detached_or_not_at_all(tmp_path):
    assert running_commit(tmp_path) is None
    git = tmp_path / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    assert running_commit(tmp_path) is None
    (git / "packed-refs").write_text(f"# pack-refs with: peeled\n{HASH} refs/heads/main\n")
    assert running_commit(tmp_path) == HASH
    (git / "refs" / "heads" / "main").write_text(HASH[::-1] + "\n")
    assert running_commit(tmp_path) == HASH[::-1]
    (git / "HEAD").write_text(HASH + "\n")
    assert running_commit(tmp_path) == HASH
