"""Who runs a project: roles, invitations, links to a new password."""

import uuid
from typing import Any

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from webapp.database import transaction
from webapp.doors import Right, Role, anybody, organiser
from webapp.jobs import later
from webapp.mail import may_mail
from webapp.mark import N_
from webapp.people import changes as people_changes
from webapp.people import queries as people_queries
from webapp.people.forms import (
    MAY,
    ROLES,
    AccountForm,
    ButtonForm,
    InviteForm,
    MemberForm,
    RevokeForm,
    RoleForm,
    logout_button,
)
from webapp.people.jobs import send_link
from webapp.people.rules import OPEN_INVITATIONS, Tried, tidy_email
from webapp.project import changes as project_changes
from webapp.project import queries as project_queries
from webapp.shell.address import full_address
from webapp.shell.errors import Saying, answer, wait
from webapp.words import current_language

pages = Blueprint("team", __name__)
pages.context_processor(logout_button)

Page = str | Response | tuple[str, int]

NO_SUCH_INVITATION = Saying(
    N_("We do not know this invitation"), N_("Nothing was changed. Check that you have the whole address of it.")
)
CLOSED_INVITATION = Saying(
    N_("This invitation is no longer open"),
    N_("It was used already, its time is over, or it was taken back. Nothing was changed. Ask for a new one."),
)
LAST_OWNER = N_("A project keeps at least one owner. Make somebody else an owner first.")


@pages.get("/desk/projects/<uuid:project_id>/team")
@organiser(Right.SETTINGS)
def team(project_id: uuid.UUID) -> str:
    """Members, roles, open invitations."""
    return _page(project_id)


@pages.post("/desk/projects/<uuid:project_id>/team/invite")
@organiser(Right.SETTINGS)
def invite(project_id: uuid.UUID) -> Page:
    """A one-time link into the project, shown once; with an e-mail it is mailed, too, where mails are set up."""
    form = InviteForm()
    if not form.validate():
        return _page(project_id, invite=form), 422
    if len(people_queries.open_invitations(project_id)) >= OPEN_INVITATIONS:
        return _page(project_id, invite=form, wrong=gettext("Too many invitations are open. Take some back.")), 422
    email, role = tidy_email(form.email.data or ""), Role(form.role.data)
    mails = bool(email) and may_mail(current_app.extensions["settings"])
    with transaction():
        token = people_changes.add_invitation(
            current_app.config["SECRET_KEY"],
            project_id,
            role.value,
            g.organiser.id,
            email,
            mail=current_language().code if mails else None,
        )
        link = people_queries.link(token, reset=False) or abort(404)
        project_changes.note_act(project_id, g.organiser.id, N_("Invited somebody"), role.value)
    if mails:
        later(send_link, str(link.id))
    address = full_address("team.invitation", token=token)
    return _page(project_id, once={"address": address, "role": ROLES[role], "mailed": email if mails else ""})


@pages.post("/desk/projects/<uuid:project_id>/team/revoke")
@organiser(Right.SETTINGS)
def revoke(project_id: uuid.UUID) -> Page:
    """Takes back an open invitation."""
    form = RevokeForm()
    if not form.validate():
        return _page(project_id, returned=form), 422
    with transaction():
        people_changes.revoke_invitation(project_id, uuid.UUID(form.invitation.data)) or abort(404)
        project_changes.note_act(project_id, g.organiser.id, N_("Took back an invitation"))
    return redirect(url_for("team.team", project_id=project_id))


@pages.post("/desk/projects/<uuid:project_id>/team/role")
@organiser(Right.SETTINGS)
def change_role(project_id: uuid.UUID) -> Page:
    """Another role for a member."""
    form = RoleForm()
    if not form.validate():
        return _page(project_id, returned=form), 422
    member, role = uuid.UUID(form.member.data), Role(form.role.data)
    try:
        with transaction():
            _member(project_id, member)
            project_changes.give_role(member, project_id, role)
            project_changes.note_act(project_id, g.organiser.id, N_("Gave a role"), f"{role} {member}")
    except project_changes.LastOwner:
        return _page(project_id, wrong=gettext(LAST_OWNER)), 422
    return _onwards(project_id, member)


@pages.post("/desk/projects/<uuid:project_id>/team/remove")
@organiser(Right.SETTINGS)
def remove(project_id: uuid.UUID) -> Page:
    """Takes a member out of the project; the account stays."""
    form = MemberForm()
    if not form.validate():
        return _page(project_id, returned=form), 422
    member = uuid.UUID(form.member.data)
    try:
        with transaction():
            _member(project_id, member)
            project_changes.take_role(member, project_id)
            project_changes.note_act(project_id, g.organiser.id, N_("Took away a role"), str(member))
    except project_changes.LastOwner:
        return _page(project_id, wrong=gettext(LAST_OWNER)), 422
    return _onwards(project_id, member)


@pages.post("/desk/projects/<uuid:project_id>/team/reset")
@organiser(Right.SETTINGS)
def reset(project_id: uuid.UUID) -> Page:
    """A one-time link to a new password for a member, shown once.

    Only if every project of the member is one's own: it would open the others, too.
    """
    form = MemberForm()
    if not form.validate():
        return _page(project_id, returned=form), 422
    member = uuid.UUID(form.member.data)
    with transaction():
        _member(project_id, member)
        if not _may_reset(member):
            abort(403)
        account = people_queries.organiser(member) or abort(404)
        token = people_changes.add_reset(current_app.config["SECRET_KEY"], account, g.organiser.id)
        project_changes.note_act(project_id, g.organiser.id, N_("Made a link to a new password"), str(member))
    address = full_address("people.reset", key=token)
    return _page(project_id, once={"address": address, "email": account.email})


@pages.route("/desk/invitation/<token>", methods=["GET", "POST"])
@anybody
def invitation(token: str) -> Page:
    """The way into a project by a one-time link: with one's account, or with a new one."""
    link = people_queries.link(token, reset=False)
    if link is None or link.project_id is None:
        return answer(404, NO_SUCH_INVITATION)
    if not people_queries.is_open(link):
        return answer(410, CLOSED_INVITATION)
    g.organiser = people_queries.organiser_by_login(session.get("login", ""))
    form = ButtonForm() if g.organiser else AccountForm(email=link.email)
    if request.method != "POST":
        return _invitation_page(link, form)
    if not form.validate() or (g.organiser and project_queries.role_in(g.organiser.id, link.project_id)):
        return _invitation_page(link, form), 422
    try:
        return _accept(link) if isinstance(form, ButtonForm) else _accept_as_newcomer(link, form)
    except people_changes.LinkClosed:
        return answer(410, CLOSED_INVITATION)
    except people_changes.EmailTaken:
        form.email.errors = [gettext("No account can be made with this address. If it is yours, log in instead.")]
        return _invitation_page(link, form), 422


def _accept(link: Any) -> Response:
    with transaction():
        _take_part(link, g.organiser.id)
    return redirect(url_for("desk.home"))


def _accept_as_newcomer(link: Any, form: AccountForm) -> Response:
    # Counted, so that one invitation is no way to ask for many addresses whether they have an account.
    subject = f"invitation {link.id}"
    with transaction():
        seconds = people_changes.begin_try(Tried.LOGIN, subject)
    if seconds:
        return wait(seconds)
    known = people_changes.hashed(form.new_password.data or "")
    with transaction():
        account = people_changes.new_organiser(form.email.data or "", known)
        _take_part(link, account.id)
        token = people_changes.log_in(account.id, request.user_agent.string)
    session.clear()
    session["login"] = token
    return redirect(url_for("desk.home"))


def _take_part(link: Any, organiser_id: uuid.UUID) -> None:
    if project_queries.role_in(organiser_id, link.project_id):
        raise people_changes.LinkClosed  # accepted in another window a moment ago; a role is changed by owners only
    people_changes.use_link(link.id)
    project_changes.give_role(organiser_id, link.project_id, Role(link.role))
    what = N_("Accepted an invitation")
    project_changes.note_act(link.project_id, organiser_id, what, f"{link.role} {organiser_id}")


def _member(project_id: uuid.UUID, member: uuid.UUID) -> None:
    """Inside a transaction: what it asks is still so. Whoever is no member of this project does not exist here."""
    if project_queries.role_in(g.organiser.id, project_id) is not Role.OWNER:
        abort(403)
    if project_queries.role_in(member, project_id) is None:
        abort(404)


def _may_reset(member: uuid.UUID) -> bool:
    return member != g.organiser.id and project_queries.owns_all_of(g.organiser.id, member)


def _onwards(project_id: uuid.UUID, member: uuid.UUID) -> Response:
    """Back to the team; who has just given up the own role has no way back there."""
    own = member == g.organiser.id and project_queries.role_in(member, project_id) is not Role.OWNER
    return redirect(url_for("desk.home") if own else url_for("team.team", project_id=project_id))


def _page(project_id: uuid.UUID, **more: Any) -> str:
    rows = project_queries.members(project_id)
    accounts = people_queries.organisers([row.organiser_id for row in rows])
    owners = project_queries.owners(project_id)
    order = list(Role)
    people = [
        {
            "id": row.organiser_id,
            "email": accounts[row.organiser_id].email,
            "role": Role(row.role),
            "last": list(owners) == [row.organiser_id],
            "resets": _may_reset(row.organiser_id),
        }
        for row in sorted(rows, key=lambda row: (order.index(Role(row.role)), accounts[row.organiser_id].email))
    ]
    shown = {"invite": None, "once": None, "wrong": "", "returned": None, **more}
    shown["invite"] = shown["invite"] or InviteForm(formdata=None)
    return render_template(
        "desk/team.html",
        project=project_queries.project(project_id) or abort(404),
        people=people,
        invitations=people_queries.open_invitations(project_id),
        roles=ROLES,
        may=MAY,
        button=ButtonForm(formdata=None),
        mails=may_mail(current_app.extensions["settings"]),
        **shown,
    )


def _invitation_page(link: Any, form: AccountForm | ButtonForm) -> str:
    return render_template(
        "desk/team_invitation.html",
        form=form,
        link=link,
        role=ROLES[Role(link.role)],
        may=MAY[Role(link.role)],
        project=project_queries.project(link.project_id) or abort(404),
        known=g.organiser,
        member=g.organiser and project_queries.role_in(g.organiser.id, link.project_id),
    )
