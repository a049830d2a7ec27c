from app.model_card import model_card


def test_the_header_is_left_out_and_headings_fit_the_page(tmp_path):
    card = tmp_path / "README.md"
    card.write_text("---\nlicense: other\n---\n\n# Captioner\n\nText --- more.\n\n---\n\n## Data\n", encoding="utf-8")
    assert model_card(card) == "### Captioner\n\nText --- more.\n\n---\n\n#### Data"


def test_a_card_without_a_header_is_shown_whole(tmp_path):
    card = tmp_path / "README.md"
    card.write_text("# Captioner\n", encoding="utf-8")
    assert model_card(card) == "### Captioner"


def test_no_weights_no_card(tmp_path):
    assert model_card(tmp_path / "README.md") == ""


def test_marks_for_the_commands_that_write_the_card_are_not_shown(tmp_path):
    card = tmp_path / "README.md"
    card.write_text("# Captioner\n\n<!-- begin -->\n\n| a |\n\n<!-- end -->\n\nText.\n", encoding="utf-8")
    assert model_card(card) == "### Captioner\n\n| a |\n\nText."
