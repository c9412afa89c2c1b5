"""The facilitator's kit: run sheet, what goes wrong, cards, slides."""
