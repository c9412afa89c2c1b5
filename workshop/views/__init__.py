"""How results look: sentences, tables, figures, panels and the page around them."""
