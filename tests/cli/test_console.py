"""Tables for the terminal."""

from convivo.cli.console import print_table


def test_a_name_that_is_no_text_is_printed_with_a_mark(capsys):
    print_table(("who", "file"), [("kim", "caf\udce9.py")])
    assert "caf?.py" in capsys.readouterr().out
