"""User Management, in a school of its own: all that can be done to a user (R4–R8, R13)."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.async_api import Locator, Page, expect

from tests.api import signed_in
from tests.browser.pages import choose_password, enter, sign_in
from tests.browser.pictures import look_at
from tests.demo import Demo
from tests.stack import ADMIN_PASSWORD, School

OWN_PASSWORD = "otter under the mill bridge"


@dataclass(frozen=True)
class Otters:
    """A school with one class and nobody yet."""

    demo: Demo
    school: School

    async def open_users(self, page: Page) -> None:
        await enter(page, f"{self.demo.url}/users", self.school.admin, ADMIN_PASSWORD)
        await expect(page.get_by_role("heading", name="User Management", level=1)).to_be_visible()


@pytest.fixture(scope="module")
async def otters(demo: Demo) -> Otters:
    school = await demo.stack.add_school("Otter Bank Primary", "LA1 1AB", "hi@otterbank.example")
    async with signed_in(demo.url, school.admin, ADMIN_PASSWORD) as api:
        await api.post("/api/groups", {"name": "1 Otter", "kind": "class", "year_group": "1"})
    return Otters(demo, school)


async def add_user(page: Page, surname: str, email: str = "", role: str = "Teacher") -> str:
    """Through the form; the username that was given."""
    await page.get_by_role("button", name="New user").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("First name").fill("Jo")
    await form.get_by_label("Surname").fill(surname)
    await form.get_by_label("E-mail address").fill(email)
    await form.get_by_role("combobox", name="Role").click()
    await page.get_by_role("option", name=role, exact=True).click()
    await form.get_by_role("button", name="Add the user").click()
    await expect(page.get_by_role("heading", name=f"Jo {surname}", level=1)).to_be_visible()
    return await page.get_by_label("Username").input_value()


def part(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


async def confirm(page: Page, action: str) -> None:
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name=action).click()
    await expect(dialog).to_have_count(0)


async def test_every_part_of_the_pages_can_be_used_by_everyone(
    otters: Otters, resized_page: Page
) -> None:
    await otters.open_users(resized_page)
    await resized_page.get_by_role("button", name="New user").click()
    await expect(resized_page.get_by_role("dialog", name="New user")).to_be_visible()
    await resized_page.get_by_role("button", name="Add the user").click()
    await expect(resized_page.get_by_text("Enter a surname")).to_be_visible()
    await look_at(resized_page, "new-user")
    await resized_page.get_by_role("button", name="Cancel").click()
    await add_user(resized_page, "Page")
    await expect(resized_page.get_by_text("still the default password")).to_be_visible()
    await look_at(resized_page, "user")
    await part(resized_page, "Active or inactive").get_by_role("button").click()
    await expect(resized_page.get_by_role("dialog", name="Make inactive: Jo Page?")).to_be_visible()
    await look_at(resized_page, "make-inactive")
    await resized_page.get_by_role("button", name="Cancel").click()
    main = resized_page.get_by_role("main")
    await main.get_by_role("link", name="User Management").click()
    await expect(resized_page.get_by_role("table").get_by_role("link").first).to_be_visible()
    await look_at(resized_page, "users")


async def test_details_are_saved_and_the_username_stays(otters: Otters, page: Page) -> None:
    """R7, R13."""
    await otters.open_users(page)
    username = await add_user(page, "Before", email="before@otterbank.example")
    assert username == "la11ab_before"
    details = part(page, "Details")
    await details.get_by_label("Surname").fill("After")
    await details.get_by_label("Staff code").fill("JAF")
    await details.get_by_role("button", name="Save the details").click()
    await expect(page.get_by_role("heading", name="Jo After", level=1)).to_be_visible()
    await expect(details.get_by_label("Username")).to_have_value(username)
    await expect(details.get_by_label("Username")).not_to_be_editable()
    await expect(details.get_by_text("Set by hand")).to_contain_text("surname")
    await page.reload()
    await expect(details.get_by_label("Staff code")).to_have_value("JAF")


async def test_an_address_in_use_says_whose_it_is(otters: Otters, page: Page) -> None:
    """R8."""
    await otters.open_users(page)
    await add_user(page, "Holder", email="taken@otterbank.example")
    await page.goto(f"{otters.demo.url}/users")
    await add_user(page, "Wanting")
    details = part(page, "Details")
    await details.get_by_label("E-mail address").fill("taken@otterbank.example")
    await details.get_by_role("button", name="Save the details").click()
    alert = details.get_by_role("alert")
    await expect(alert).to_contain_text("Jo Holder")
    await expect(alert).to_contain_text("Take it off that account first")
    await look_at(page, "address-taken")
    await alert.get_by_role("link", name="Open the page of Jo Holder").click()
    asked = page.get_by_role("dialog", name="Leave without saving?")
    await asked.get_by_role("button", name="Leave without saving").click()
    await expect(page.get_by_role("heading", name="Jo Holder", level=1)).to_be_visible()
    await expect(details.get_by_label("E-mail address")).to_have_value("taken@otterbank.example")


async def test_another_username_is_a_new_account_with_the_address_and_the_groups(
    otters: Otters, page: Page
) -> None:
    """R7, R8: the FAQ's 'How do I change a username?', in one step."""
    await otters.open_users(page)
    old = await add_user(page, "Maiden", email="married@otterbank.example")
    groups = part(page, "Groups")
    await groups.get_by_role("combobox", name="Link another group").click()
    await page.get_by_role("option", name="1 Otter").click()
    await groups.get_by_role("button", name="Link", exact=True).click()
    await expect(groups.get_by_text("By hand")).to_be_visible()
    await page.get_by_role("button", name="New account with another username").click()
    dialog = page.get_by_role("dialog", name="New account for this person")
    await dialog.get_by_label("Surname").fill("Wedded")
    await look_at(page, "replace-user")
    await dialog.get_by_role("button", name="Make the new account").click()
    await expect(page.get_by_role("heading", name="Jo Wedded", level=1)).to_be_visible()
    await expect(page.get_by_label("Username")).to_have_value("la11ab_wedded")
    await expect(page.get_by_label("E-mail address")).to_have_value("married@otterbank.example")
    told = page.get_by_role("status").filter(has_text=f"takes the place of {old}")
    await look_at(page, "replaced-user")
    await told.get_by_role("button", name="Link the same groups").click()
    await expect(groups.get_by_role("list", name="Linked groups")).to_contain_text("1 Otter")
    await expect(told.get_by_role("button")).to_have_count(0)
    await page.goto(f"{otters.demo.url}/users?active=false&search={old}")
    await page.get_by_role("link", name="Maiden, Jo").click()
    await expect(page.get_by_label("E-mail address")).to_have_value("")


async def test_a_detail_is_handed_back_to_the_mis(otters: Otters, resized_page: Page) -> None:
    """R13."""
    await otters.open_users(resized_page)
    await add_user(resized_page, "Handed")
    details = part(resized_page, "Details")
    await expect(details.get_by_text("Set by hand")).to_contain_text("first name and surname")
    await details.get_by_role("button", name="Hand details back to the MIS").click()
    dialog = resized_page.get_by_role("dialog", name="Hand details back to the MIS")
    await look_at(resized_page, "hand-back")
    await dialog.get_by_role("button", name="Hand back to the MIS: surname").click()
    await expect(dialog.get_by_role("listitem")).to_have_count(1)
    await dialog.get_by_role("button", name="Done").click()
    await expect(details.get_by_text("Set by hand")).not_to_contain_text("surname")


async def test_what_somebody_else_saved_meanwhile_is_not_lost(
    otters: Otters, page: Page, other_page: Page
) -> None:
    """R1: the admin account is shared, so two may have one page open."""
    await otters.open_users(page)
    await add_user(page, "Shared")
    await otters.open_users(other_page)
    await other_page.goto(page.url)
    await part(other_page, "Details").get_by_label("Surname").fill("Quicker")
    await other_page.get_by_role("button", name="Save the details").click()
    await expect(other_page.get_by_role("heading", name="Jo Quicker", level=1)).to_be_visible()

    details = part(page, "Details")
    await details.get_by_label("Surname").fill("Slower")
    await details.get_by_role("button", name="Save the details").click()
    await expect(details.get_by_role("alert")).to_contain_text("Nothing of yours was saved")
    await expect(details.get_by_text("It is now: Quicker.")).to_be_visible()
    await expect(details.get_by_label("Surname")).to_have_value("Slower")
    await details.get_by_role("button", name="Show what is there now").click()
    await expect(details.get_by_label("Surname")).to_have_value("Quicker")
    await details.get_by_label("Surname").fill("Slower")
    await details.get_by_role("button", name="Save the details").click()
    await expect(page.get_by_role("heading", name="Jo Slower", level=1)).to_be_visible()


async def test_groups_are_linked_by_hand_and_handed_back(otters: Otters, page: Page) -> None:
    """R13."""
    await otters.open_users(page)
    await add_user(page, "Linked")
    groups = part(page, "Groups")
    await expect(groups.get_by_text("Linked to no group")).to_be_visible()
    await groups.get_by_role("combobox", name="Link another group").click()
    await page.get_by_role("option", name="1 Otter").click()
    linked = groups.get_by_role("list", name="Linked groups").get_by_role("listitem")

    async def link() -> None:
        await groups.get_by_role("button", name="Link", exact=True).click()
        await expect(linked).to_contain_text("By hand")

    await link()
    await look_at(page, "groups")
    await groups.get_by_role("button", name="Unlink: 1 Otter").click()
    unlinked = groups.get_by_role("list", name="Unlinked by hand").get_by_role("listitem")
    await expect(unlinked).to_contain_text("1 Otter")
    await expect(linked).to_have_count(0)
    await groups.get_by_role("button", name="Link again: 1 Otter").click()
    await expect(linked).to_contain_text("By hand")
    await groups.get_by_role("button", name="Hand back to the MIS: 1 Otter").click()
    await expect(linked).to_contain_text("MIS")
    await expect(linked).not_to_contain_text("By hand")


async def test_a_password_is_reset_and_nobody_is_signed_in_by_the_old_one(
    otters: Otters, page: Page, other_page: Page
) -> None:
    """R4: greyed out with its reason while the password is the default."""
    await otters.open_users(page)
    username = await add_user(page, "Forgetful")
    password = part(page, "Password")
    button = password.get_by_role("button", name="Reset the password")
    await expect(button).to_be_disabled()
    await expect(button).to_have_accessible_description(re.compile("still the default password"))

    await sign_in(other_page, otters.demo.url, username, otters.school.default_password)
    await choose_password(other_page, OWN_PASSWORD)
    await expect(other_page.get_by_role("heading", name="My groups")).to_be_visible()
    await page.reload()
    await expect(password).to_contain_text("Their own")
    await button.click()
    await expect(page.get_by_role("dialog")).to_contain_text("which works for 14 days")
    await look_at(page, "reset")
    await confirm(page, "Reset the password")
    await expect(password.get_by_role("status")).to_contain_text(username)
    await expect(button).to_be_disabled()
    await look_at(page, "was-reset")

    await other_page.reload()
    await expect(other_page.get_by_role("heading", name="Sign in")).to_be_visible()
    await sign_in(other_page, otters.demo.url, username, OWN_PASSWORD)
    await expect(other_page.get_by_role("alert")).to_be_visible()
    await sign_in(other_page, otters.demo.url, username, otters.school.default_password)
    await expect(other_page.get_by_role("heading", name="Choose your password")).to_be_visible()


async def test_who_is_made_inactive_is_out_at_once_and_comes_back_with_all_they_had(
    otters: Otters, page: Page, other_page: Page
) -> None:
    """R6."""
    await otters.open_users(page)
    username = await add_user(page, "Leaving", role="SLT")
    await sign_in(other_page, otters.demo.url, username, otters.school.default_password)
    await choose_password(other_page, OWN_PASSWORD)
    await expect(other_page.get_by_role("heading", name="My groups")).to_be_visible()

    await page.get_by_role("button", name="Make inactive").click()
    await expect(page.get_by_role("dialog")).to_contain_text("signed out at once")
    await confirm(page, "Make inactive")
    await expect(part(page, "Active or inactive")).to_contain_text("cannot sign in")
    await expect(part(page, "Password")).to_contain_text("Make them active again first")
    await other_page.reload()
    await expect(other_page.get_by_role("heading", name="Sign in")).to_be_visible()

    address = page.url
    await page.goto(f"{otters.demo.url}/users?active=false")
    await page.get_by_role("link", name="Leaving, Jo").click()
    await expect(page).to_have_url(address)
    await page.get_by_role("button", name="Make active").click()
    await confirm(page, "Make active")
    await expect(part(page, "Password")).to_contain_text("Their own")
    await sign_in(other_page, otters.demo.url, username, OWN_PASSWORD)
    await expect(other_page.get_by_role("heading", name="My groups")).to_be_visible()
