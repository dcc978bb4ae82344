"""Who runs a project: invitations, roles, and what somebody might try who should not."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask

from tests.client import Visitor, hidden
from tests.makers import EMAIL, PASSWORD, MadeWalk, log_in, make_organiser, make_walk
from webapp import create_app
from webapp.config import Settings
from webapp.database import db, now, transaction
from webapp.doors import Role
from webapp.people import changes, queries
from webapp.people.rules import FAILURES, OPEN_INVITATIONS
from webapp.people.tables import Invitation, Organiser
from webapp.project import changes as project_changes
from webapp.project import queries as project_queries
from webapp.project.tables import Act, Membership

NEW = "nine tall towers"
LINK = re.compile(r'value="http://localhost(/desk/(?:invitation|reset)/[0-9a-f]{64})"')


@pytest.fixture
def owner(visitor: Visitor, walk: MadeWalk) -> Visitor:
    """The walk's organiser, logged in."""
    log_in(visitor)
    return visitor


@pytest.fixture
def team(walk: MadeWalk) -> str:
    return f"/desk/projects/{walk.project_id}/team"


def invite(owner: Visitor, team: str, role: str = "viewer", email: str = "") -> str:
    """Makes an invitation and returns the link that the page shows."""
    fields = {**hidden(owner.get(team).text), "role": role, "email": email}
    found = LINK.search(owner.post(f"{team}/invite", fields).text)
    assert found, "no link is shown"
    return found[1]


def come_in(app: Flask, link: str, email: str = "new@example.org") -> Visitor:
    """Somebody new, who makes an account by the link."""
    visitor = Visitor(app)
    visitor.send(link, {"email": email, "new_password": NEW})
    return visitor


def act(owner: Visitor, team: str, what: str, status: int = 200, **fields: object) -> str:
    """Presses one of the buttons of the team's page."""
    own = {name: str(value) for name, value in fields.items()}
    return owner.post(f"{team}/{what}", {**hidden(owner.get(team).text), **own}, status).text


def role_of(app: Flask, walk: MadeWalk, email: str) -> Role | None:
    with app.app_context():
        account = queries.organiser_by_email(email)
        return project_queries.role_in(account.id, walk.project_id) if account else None


def account_id(app: Flask, email: str) -> uuid.UUID:
    with app.app_context():
        account = queries.organiser_by_email(email)
        assert account is not None
        return account.id


def acts(app: Flask) -> list[str]:
    with app.app_context():
        return [row.what for row in db.session.query(Act).order_by(Act.at)]


def member(app: Flask, walk: MadeWalk, role: Role, email: str = "member@example.org") -> Visitor:
    """A member of the team, logged in."""
    with app.app_context():
        make_organiser(walk.project_id, role, email)
    visitor = Visitor(app)
    log_in(visitor, email)
    return visitor


# inviting and accepting


def test_somebody_new_comes_in_by_an_invitation(app: Flask, owner: Visitor, team: str, walk: MadeWalk) -> None:
    link = invite(owner, team, "facilitator", " New@Example.org ")
    stranger = Visitor(app)
    page = stranger.get(link).text
    assert "Our city" in page and "Facilitator" in page and 'value="new@example.org"' in page
    page = stranger.send(link, {"email": "new@example.org", "new_password": NEW})
    assert page.request.path.startswith("/desk/projects/") and "Our city" in page.text
    assert role_of(app, walk, "new@example.org") is Role.FACILITATOR
    stranger.get(team, 403)
    shown = owner.get(team).text
    assert "new@example.org" in shown and "Open invitations" not in shown
    assert acts(app) == ["Invited somebody", "Accepted an invitation"]


def test_somebody_with_an_account_logs_in_and_accepts(app: Flask, owner: Visitor, team: str, walk: MadeWalk) -> None:
    with app.app_context():
        make_organiser(email="other@example.org")
    link, other = invite(owner, team, "author"), Visitor(app)
    way = re.search(r'href="(/desk/login\?next=[^"]+)"', other.get(link).text)
    assert way
    page = other.send(way[1], {"email": "other@example.org", "password": PASSWORD})
    assert page.request.path == link and "logged in as other@example.org" in page.text
    assert role_of(app, walk, "other@example.org") is None, "only the button accepts"
    assert "Our city" in other.post(link, hidden(page.text)).text
    assert role_of(app, walk, "other@example.org") is Role.AUTHOR


def test_the_link_is_shown_once_and_stored_nowhere(app: Flask, owner: Visitor, team: str) -> None:
    token = invite(owner, team).rsplit("/", 1)[1]
    assert token not in owner.get(team).text
    with app.app_context():
        row = db.session.query(Invitation).one()
        assert token not in {str(value) for value in vars(row).values()}
        assert timedelta(days=6.9) < row.expires - now() <= timedelta(days=7)


def test_a_link_names_the_public_address(settings: Settings, walk: MadeWalk) -> None:
    environ = {"POHLED_HOME": str(settings.home), "POHLED_URL": "https://walks.example"}
    owner = Visitor(create_app(Settings.read(environ)))
    log_in(owner)
    team = f"/desk/projects/{walk.project_id}/team"
    page = act(owner, team, "invite", role="viewer")
    assert 'value="https://walks.example/desk/invitation/' in page


def test_a_used_link_opens_nothing_more(app: Flask, owner: Visitor, team: str, walk: MadeWalk) -> None:
    link, late = invite(owner, team), Visitor(app)
    form = hidden(late.get(link).text)
    come_in(app, link)
    assert "no longer open" in late.get(link, 410).text
    late.post(link, {**form, "email": "late@example.org", "new_password": NEW}, 410)
    assert role_of(app, walk, "late@example.org") is None
    with app.app_context():
        assert queries.organiser_by_email("late@example.org") is None


def test_of_two_who_accept_at_once_one_comes_in(app: Flask, owner: Visitor, team: str) -> None:
    link, visitors = invite(owner, team), [Visitor(app) for _ in range(2)]
    forms = [hidden(visitor.get(link).text) for visitor in visitors]
    together = Barrier(2)

    def accept(number: int) -> int:
        fields = {**forms[number], "email": f"{number}@example.org", "new_password": NEW}
        together.wait()
        return visitors[number].client.post(link, data=fields).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(accept, range(2))) == [302, 410]
    with app.app_context():
        assert db.session.query(Membership).count() == 2
        assert db.session.query(Organiser).count() == 2


def test_an_expired_link_opens_nothing(app: Flask, owner: Visitor, team: str) -> None:
    link = invite(owner, team)
    with app.app_context(), transaction():
        db.session.query(Invitation).one().expires = now()
    Visitor(app).get(link, 410)
    assert "Open invitations" not in owner.get(team).text


def test_an_invitation_can_be_taken_back(app: Flask, owner: Visitor, team: str) -> None:
    link = invite(owner, team, email="new@example.org")
    with app.app_context():
        invitation = db.session.query(Invitation).one().id
    assert "new@example.org" not in act(owner, team, "revoke", invitation=invitation)
    Visitor(app).get(link, 410)
    act(owner, team, "revoke", 404, invitation=invitation)
    assert acts(app)[-1] == "Took back an invitation"


def test_who_is_in_the_project_keeps_the_role_and_the_link(
    app: Flask, owner: Visitor, team: str, walk: MadeWalk
) -> None:
    link = invite(owner, team, "viewer")
    page = owner.get(link).text
    assert "in this project already" in page and "Accept the invitation" not in page
    owner.post(link, hidden(page), 422)
    assert role_of(app, walk, EMAIL) is Role.OWNER
    come_in(app, link)


@pytest.mark.parametrize("token", ["0" * 64, "x", "%00", "é" * 40, "a" * 5000])
@pytest.mark.usefixtures("walk")
def test_a_guessed_link_opens_nothing(visitor: Visitor, token: str) -> None:
    visitor.get(f"/desk/invitation/{token}", 404)


def test_a_link_to_a_password_is_no_invitation_and_the_other_way_round(app: Flask, owner: Visitor, team: str) -> None:
    invitation = invite(owner, team).rsplit("/", 1)[1]
    with app.app_context(), transaction():
        account = queries.organiser_by_email(EMAIL)
        assert account
        reset = changes.add_reset(app.config["SECRET_KEY"], account)
    Visitor(app).get(f"/desk/reset/{invitation}", 404)
    Visitor(app).get(f"/desk/invitation/{reset}", 404)


def test_an_account_that_exists_is_not_taken_over_by_an_invitation(app: Flask, owner: Visitor, team: str) -> None:
    link, visitor = invite(owner, team), Visitor(app)
    page = visitor.send(link, {"email": EMAIL.upper(), "new_password": NEW}, 422).text
    assert "log in instead" in page
    log_in(Visitor(app))
    visitor.get(link)
    visitor.get("/desk/account")
    assert "Log in" in visitor.get("/desk").text


def test_an_invitation_is_no_way_to_ask_who_has_an_account(app: Flask, owner: Visitor, team: str) -> None:
    link, visitor = invite(owner, team), Visitor(app)
    fields = {**hidden(visitor.get(link).text), "email": EMAIL, "new_password": NEW}
    answers = [visitor.client.post(link, data=fields).status_code for _ in range(FAILURES + 1)]
    assert answers == [422] * FAILURES + [429]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"email": "not one", "new_password": NEW}, "not an e-mail address"),
        ({"email": "new@example.org", "new_password": "short"}, "12 characters or more"),
        ({"email": "a" * 100_000, "new_password": "x" * 100_000}, "too long"),
    ],
)
def test_what_is_wrong_is_told_and_the_link_stays_open(
    app: Flask, owner: Visitor, team: str, fields: dict[str, str], told: str
) -> None:
    link = invite(owner, team)
    page = Visitor(app).send(link, fields, 422).text
    assert told in page and f'value="{fields["email"]}"' in page
    come_in(app, link)


def test_an_invitation_needs_its_own_button(app: Flask, owner: Visitor, team: str, walk: MadeWalk) -> None:
    with app.app_context():
        make_organiser(email="other@example.org")
    link, other = invite(owner, team), Visitor(app)
    log_in(other, "other@example.org")
    assert other.client.post(link).status_code == 422
    assert role_of(app, walk, "other@example.org") is None


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"role": "", "email": ""}, "Choose a role."),
        ({"role": "king", "email": ""}, "Not a valid choice"),
        ({"email": "new@example.org"}, "Choose a role."),
        ({"role": "viewer", "email": "nobody"}, "not an e-mail address"),
        ({"role": "viewer", "email": "a@b.cz\r\nBcc: c@d.cz"}, "not an e-mail address"),
        ({"role": "viewer", "email": "x" * 100_000 + "@b.cz"}, "not an e-mail address"),
    ],
)
def test_an_invitation_that_cannot_be_is_told_why(
    app: Flask, owner: Visitor, team: str, fields: dict[str, str], told: str
) -> None:
    page = act(owner, team, "invite", 422, **fields)
    assert told in page and not LINK.search(page)
    with app.app_context():
        assert db.session.query(Invitation).count() == 0


def test_not_too_many_are_open_at_once(app: Flask, owner: Visitor, team: str, walk: MadeWalk) -> None:
    with app.app_context(), transaction():
        account = queries.organiser_by_email(EMAIL)
        assert account
        for _ in range(OPEN_INVITATIONS):
            changes.add_invitation(app.config["SECRET_KEY"], walk.project_id, "viewer", account.id)
    assert "Too many invitations are open" in act(owner, team, "invite", 422, role="viewer")


# roles


def test_a_role_can_be_changed(app: Flask, owner: Visitor, team: str, walk: MadeWalk) -> None:
    other = member(app, walk, Role.VIEWER)
    who = account_id(app, "member@example.org")
    act(owner, team, "role", member=who, role="owner")
    other.get(team)
    act(other, team, "role", member=account_id(app, EMAIL), role="curator")
    owner.get(team, 403)
    assert acts(app) == ["Gave a role", "Gave a role"]


def test_a_member_can_be_removed_and_open_pages_close(app: Flask, owner: Visitor, team: str, walk: MadeWalk) -> None:
    other = member(app, walk, Role.OWNER)
    open_page = hidden(other.get(team).text)
    link = invite(other, team, "owner")
    act(owner, team, "remove", member=account_id(app, "member@example.org"))
    other.post(f"{team}/invite", {**open_page, "role": "owner"}, 404)
    other.post(f"{team}/remove", {**open_page, "member": str(account_id(app, EMAIL))}, 404)
    other.get(f"/desk/walks/{walk.walk_id}", 404)
    other.get(link, 410)
    assert role_of(app, walk, "member@example.org") is None
    assert acts(app)[-1] == "Took away a role"
    log_in(Visitor(app), "member@example.org")


def test_who_is_no_owner_any_more_has_invited_nobody(app: Flask, owner: Visitor, team: str, walk: MadeWalk) -> None:
    other = member(app, walk, Role.OWNER)
    link, own = invite(other, team, "owner"), invite(owner, team)
    act(owner, team, "role", member=account_id(app, "member@example.org"), role="viewer")
    other.get(link, 410)
    Visitor(app).get(own)


def test_the_last_owner_stays(app: Flask, owner: Visitor, team: str, walk: MadeWalk) -> None:
    own = account_id(app, EMAIL)
    member(app, walk, Role.VIEWER)
    assert "only owner" in owner.get(team).text
    for what, fields in (("remove", {}), ("role", {"role": "viewer"})):
        assert "at least one owner" in act(owner, team, what, 422, member=own, **fields)
    assert role_of(app, walk, EMAIL) is Role.OWNER
    assert acts(app) == []


def test_an_owner_may_leave_when_there_is_another(app: Flask, owner: Visitor, team: str, walk: MadeWalk) -> None:
    member(app, walk, Role.OWNER)
    fields = {**hidden(owner.get(team).text), "member": str(account_id(app, EMAIL))}
    assert owner.post(f"{team}/remove", fields).request.path == "/desk"
    assert role_of(app, walk, EMAIL) is None


def test_two_owners_who_remove_each_other_at_once_leave_one(
    app: Flask, owner: Visitor, team: str, walk: MadeWalk
) -> None:
    other = member(app, walk, Role.OWNER)
    forms = [
        {**hidden(owner.get(team).text), "member": str(account_id(app, "member@example.org"))},
        {**hidden(other.get(team).text), "member": str(account_id(app, EMAIL))},
    ]
    together = Barrier(2)

    def press(number: int) -> int:
        together.wait()
        return (owner, other)[number].client.post(f"{team}/remove", data=forms[number]).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(press, range(2)))
    assert answers[0] == 302 and answers[1] in (403, 404, 422)
    with app.app_context():
        assert len(project_queries.owners(walk.project_id)) == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
def test_nobody_raises_their_own_role(app: Flask, owner: Visitor, team: str, walk: MadeWalk, role: Role) -> None:
    other = member(app, walk, role)
    own = str(account_id(app, "member@example.org"))
    token = hidden(other.get("/desk").text)
    other.get(team, 403)
    for what in ("role", "invite", "remove", "reset", "revoke"):
        other.post(f"{team}/{what}", {**token, "member": own, "role": "owner", "invitation": own}, 403)
    assert role_of(app, walk, "member@example.org") is role


def test_the_form_of_an_invitation_cannot_name_another_role_or_project(
    app: Flask, owner: Visitor, team: str, walk: MadeWalk
) -> None:
    with app.app_context():
        elsewhere = make_walk("ELSEWHERE")
    link, visitor = invite(owner, team, "viewer"), Visitor(app)
    more = {"role": "owner", "project_id": str(elsewhere.project_id), "member": str(account_id(app, EMAIL))}
    visitor.send(link, {"email": "new@example.org", "new_password": NEW, **more})
    assert role_of(app, walk, "new@example.org") is Role.VIEWER
    assert role_of(app, elsewhere, "new@example.org") is None
    visitor.get(f"/desk/walks/{elsewhere.walk_id}", 404)


def test_an_owner_reaches_nobody_and_nothing_of_another_project(
    app: Flask, owner: Visitor, team: str, walk: MadeWalk
) -> None:
    with app.app_context():
        elsewhere = make_walk("ELSEWHERE")
        foreign = make_organiser(elsewhere.project_id, Role.OWNER, "foreign@example.org")
        with transaction():
            secret = app.config["SECRET_KEY"]
            token = changes.add_invitation(secret, elsewhere.project_id, "viewer", foreign)
            link = queries.link(token, reset=False)
            assert link
            invitation = link.id
    for what, fields in (
        ("role", {"member": foreign, "role": "viewer"}),
        ("remove", {"member": foreign}),
        ("reset", {"member": foreign}),
        ("revoke", {"invitation": invitation}),
    ):
        act(owner, team, what, 404, **fields)
    Visitor(app).get(f"/desk/invitation/{token}")
    assert role_of(app, elsewhere, "foreign@example.org") is Role.OWNER


@pytest.mark.parametrize("what", ["role", "invite", "remove", "reset", "revoke"])
def test_a_form_from_elsewhere_changes_nothing(
    app: Flask, owner: Visitor, team: str, walk: MadeWalk, what: str
) -> None:
    member(app, walk, Role.VIEWER)
    fields = {"member": str(account_id(app, "member@example.org")), "role": "owner"}
    assert owner.client.post(f"{team}/{what}", data=fields).status_code == 422
    assert role_of(app, walk, "member@example.org") is Role.VIEWER
    assert acts(app) == []


@pytest.mark.parametrize("value", ["", "x", "'; --", "\0", "1" * 10_000])
@pytest.mark.parametrize("what", ["role", "remove", "reset", "revoke"])
def test_nonsense_in_a_form_is_refused(owner: Visitor, team: str, what: str, value: str) -> None:
    act(owner, team, what, 422, member=value, invitation=value, role="viewer")


def test_roles_have_names_in_every_language(owner: Visitor, team: str) -> None:
    page = owner.get(team).text
    for name in ("Owner", "Facilitator", "Curator", "Author of the report", "Data protection officer", "Viewer"):
        assert name in page


# links to a new password


def test_an_owner_makes_a_link_for_a_member_of_own_projects_only(
    app: Flask, owner: Visitor, team: str, walk: MadeWalk
) -> None:
    member(app, walk, Role.VIEWER)
    page = act(owner, team, "reset", member=account_id(app, "member@example.org"))
    link = LINK.search(page)
    assert link and "/desk/reset/" in link[1]
    visitor = Visitor(app)
    visitor.send(link[1], {"new_password": NEW})
    assert "member@example.org" in visitor.get("/desk/account").text
    assert acts(app) == ["Made a link to a new password"]


def test_a_member_with_a_project_elsewhere_is_not_taken_over(
    app: Flask, owner: Visitor, team: str, walk: MadeWalk
) -> None:
    member(app, walk, Role.VIEWER)
    who = account_id(app, "member@example.org")
    with app.app_context():
        elsewhere = make_walk("ELSEWHERE")
        with transaction():
            project_changes.give_role(who, elsewhere.project_id, Role.VIEWER)
    assert "Make a link to a new password" not in owner.get(team).text
    act(owner, team, "reset", 403, member=who)
    with app.app_context(), transaction():
        project_changes.give_role(account_id(app, EMAIL), elsewhere.project_id, Role.FACILITATOR)
    act(owner, team, "reset", 403, member=who)


def test_nobody_makes_such_a_link_for_oneself(app: Flask, owner: Visitor, team: str) -> None:
    act(owner, team, "reset", 403, member=account_id(app, EMAIL))


def test_a_link_ends_when_the_member_gets_a_project_of_others(
    app: Flask, owner: Visitor, team: str, walk: MadeWalk
) -> None:
    member(app, walk, Role.VIEWER)
    who = account_id(app, "member@example.org")
    link = LINK.search(act(owner, team, "reset", member=who))
    assert link
    Visitor(app).get(link[1])
    with app.app_context():
        elsewhere = make_walk("ELSEWHERE")
        with transaction():
            project_changes.give_role(who, elsewhere.project_id, Role.OWNER)
    Visitor(app).get(link[1], 410)


def test_a_link_ends_when_its_maker_is_removed(app: Flask, owner: Visitor, team: str, walk: MadeWalk) -> None:
    other = member(app, walk, Role.OWNER)
    member(app, walk, Role.VIEWER, "third@example.org")
    link = LINK.search(act(other, team, "reset", member=account_id(app, "third@example.org")))
    assert link
    act(owner, team, "remove", member=account_id(app, "member@example.org"))
    Visitor(app).get(link[1], 410)
