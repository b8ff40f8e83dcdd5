"""The items that every contender serves from memory."""

from typing import Any

Item = dict[str, Any]

ITEMS: dict[int, Item] = {
    number: {"id": number, "name": f"Item number {number}", "price": number + 0.99, "in_stock": number % 3 > 0}
    for number in range(1, 1001)
}
NEW_ITEM: Item = {"id": 1001, "name": "Widget", "price": 9.99, "in_stock": True}


def items(count: int) -> list[Item]:
    """The first so many items."""
    return list(ITEMS.values())[:count]


LISTS = {count: items(count) for count in (20, 1000)}


def new_item(name: str, price: float) -> Item:
    """What a POST creates."""
    return {"id": 1001, "name": name, "price": price, "in_stock": True}
