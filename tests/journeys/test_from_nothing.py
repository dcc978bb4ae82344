"""From an empty installation to results and back: the desk, a walk in Czech, three roles, taking back, erasing."""

import json
import re
import uuid
from dataclasses import dataclass

import segno
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import DESK, Nothing
from tests.journeys.test_thin_walk import wait_for
from tests.makers import PASSWORD
from tests.makers_photo import encoded, exif, gps_block, grain

OWNER, FACILITATOR, VIEWER = "owner@example.org", "facilitator@example.org", "viewer@example.org"
TITLE = {"cs": "Naše čtvrť očima všech", "en": "Our district, seen by all"}
WALK = {"cs": "Od tržnice k řece", "en": "From the market to the river"}
STOPS = ({"cs": "U tržnice", "en": "At the market"}, {"cs": "Na nábřeží", "en": "By the river"})
SPEND, HELP, HOME = "belonging.01", "belonging.05", "belonging.12"
ASKED = {
    SPEND: ("Pobýt se tu dá i bez nakupování", "Someone new could spend time here without having to buy anything."),
    HELP: ("Nově příchozímu by tu cizí lidé odpověděli", "Strangers here would answer or help a newcomer."),
    HOME: ("Umím si představit, že by tu byl můj domov.", "I can imagine feeling at home here."),
}
REMARK = "Příliš žluťoučký kůň: lavičky jsou, ale „jen pro hosty“."
AGREED, UNASKED, NOT_FOR_REPORT = "Kašna ve stínu", "Sousedka u výlohy", "Zamčená vrátka"
LAT, LON = 50.10305, 14.45048
EXACT = f"{LAT:.5f}, {LON:.5f}"


@dataclass(frozen=True)
class Made:
    """What the owner made: their ids, as the addresses show them, and the code as the poster writes it."""

    project: str
    walk: str
    code: str

    def desk(self, page: str = "") -> str:
        return f"/desk/walks/{self.walk}{page and '/'}{page}"


def test_from_nothing_to_results_and_back(nothing: Nothing) -> None:
    owner = nothing.open_page(size=DESK)
    made = set_up(nothing, owner)
    facilitator = invited(nothing, owner, made, "Facilitator", FACILITATOR)
    viewer = invited(nothing, owner, made, "Viewer", VIEWER)

    first = walked_by(nothing, made, {"web": "no", "social": "no"})
    answer(first, {SPEND: "4", HELP: "?", HOME: "5"}, REMARK)
    photograph(first, AGREED, "none", (LAT, LON))
    photograph(first, UNASKED, "unreleased")
    second = walked_by(nothing, made, {"report": "no"})
    answer(second, {SPEND: "2", HOME: "1"})
    photograph(second, NOT_FOR_REPORT, "none")
    for _ in range(2):
        answer_by_the_api(nothing, first, made, {SPEND: 5})
    until_ready(first, 2)
    until_ready(second, 1)

    facilitator_sees_all(facilitator, made)
    pictures = viewer_sees_what_was_agreed(viewer, facilitator, made)
    take_back(first)
    gone_for_everybody(viewer, facilitator, made, pictures)
    erase_the_second(owner, made)
    nothing_is_left_of_the_second(second, viewer, facilitator, made)


# the desk, from the first account to the poster


def set_up(nothing: Nothing, page: Page) -> Made:
    page.goto("/desk")
    expect(page.get_by_role("heading", level=1)).to_have_text("The first account")
    make_account(page, "Make my account", OWNER)
    project = new_project(page)
    walk = new_walk(page)
    choose_questions(page)
    return Made(project, walk, read_poster(nothing, page))


def make_account(page: Page, button: str, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name=button).click()


def new_project(page: Page) -> str:
    page.get_by_role("link", name="New project").click()
    fill_in(page.get_by_role("group", name="Title"), TITLE)
    page.get_by_label("Who is responsible for the data").fill("Test")
    page.get_by_label("Where people can write").fill("test@example.org")
    page.get_by_role("button", name="Make the project").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE["en"])
    return last_id(page)


def new_walk(page: Page) -> str:
    page.get_by_role("link", name="New walk").click()
    fill_in(page.get_by_role("group", name="Title"), WALK)
    page.get_by_label("Date and time").fill("2018-06-18T10:00")
    fill_in(page.get_by_role("group", name="Meeting point"), {"cs": "U kašny", "en": "By the fountain"})
    surface = page.locator(".planmap.leaflet-container")
    for number, (at, names) in enumerate(zip(((120, 300), (420, 330)), STOPS, strict=True), 1):
        surface.click(position={"x": at[0], "y": at[1]})
        expect(page.locator(".planmap .mapstamp")).to_have_count(number)
        for code, name in names.items():
            page.locator(f"[data-part=row]:not([hidden]) [data-part=name][lang={code}]").last.fill(name)
    page.get_by_role("button", name="Save and choose checklists").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Checklists")
    return last_id(page)


def fill_in(fields: Locator, texts: dict[str, str]) -> None:
    fields.get_by_text("In other languages").click()
    for code, text in texts.items():
        fields.locator(f"input[lang={code}]").fill(text)


def last_id(page: Page) -> str:
    return re.findall(r"[0-9a-f-]{36}", page.url)[-1]


def choose_questions(page: Page) -> None:
    page.get_by_role("checkbox", name=re.compile("^Belonging here")).check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name=re.compile("^Choose questions.*Belonging here")).click()
    page.get_by_role("group", name=re.compile("^When is this asked.*To close")).get_by_label("Not asked").check()
    at_stop = page.get_by_role("group", name=re.compile("^Questions.*At this stop"))
    for box in at_stop.get_by_role("checkbox").all():
        box.set_checked(box.get_attribute("value") in ASKED)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()


def read_poster(nothing: Nothing, page: Page) -> str:
    page.get_by_role("link", name="Poster").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WALK["cs"])
    expect(page.get_by_role("heading", name=WALK["en"])).to_be_visible()
    code = page.locator(".sheet .code").inner_text()
    address = f"{nothing.url}/j/{code.replace('-', '')}"
    expect(page.get_by_text(address, exact=True)).to_be_visible()
    drawn = segno.make(address, error="m", micro=False).svg_inline(omitsize=True)
    assert page.locator("svg.qr path").last.get_attribute("d") == re.findall(r' d="([^"]+)"', drawn)[-1]
    return code


def invited(nothing: Nothing, owner: Page, made: Made, role: str, email: str) -> Page:
    """The browser of somebody who came in by a one-time link."""
    owner.goto(f"/desk/projects/{made.project}/team")
    owner.get_by_role("radio", name=re.compile(f"^{role}")).check()
    owner.get_by_role("button", name="Make an invitation").click()
    link = owner.get_by_label("The link", exact=True).input_value()
    page = nothing.open_page(size=DESK)
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE["en"])
    expect(page.get_by_text(role, exact=True)).to_be_visible()
    make_account(page, "Make an account and accept", email)
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE["en"])
    assert nothing.open_page().request.get(link).status == 410, "it worked once"
    return page


# on the phone, in Czech, without scripts


def walked_by(nothing: Nothing, made: Made, refused: dict[str, str]) -> Page:
    page = nothing.open_page(javascript=False, language="cs")
    page.goto("/")
    page.get_by_label("Kód vaší procházky").fill(made.code)
    page.get_by_role("button", name="Přidat se").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WALK["cs"])
    page.locator("input[name=perspective]").first.check()
    page.get_by_role("button", name="Pokračovat").click()
    page.get_by_role("link", name="Celé informace o údajích").click()
    expect(page.get_by_text("test@example.org").first).to_be_visible()
    page.go_back()
    for purpose in page.locator("fieldset.purpose input[value=yes]").all():
        name = purpose.get_attribute("name") or ""
        page.locator(f"input[name={name}][value={refused.get(name, 'yes')}]").check()
    page.get_by_role("button", name="Uložit mou volbu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jste s námi")
    assert len(page.locator(".code").inner_text()) >= 16, "no recovery code"
    page.get_by_role("link", name="Pokračovat").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Zastávky")
    return page


def answer(page: Page, values: dict[str, str], remark: str = "") -> None:
    """At the first stop, which asks what the owner left in the checklist and nothing else."""
    page.get_by_role("link", name=STOPS[0]["cs"]).click()
    asked = page.locator("h2.ask")
    expect(asked).to_have_count(len(ASKED))
    for heading, (czech, _) in zip(asked.all(), ASKED.values(), strict=True):
        expect(heading).to_contain_text(czech)
    for question, value in values.items():
        page.locator(f"input[name='{question}'][value='{value}']").check()
    if remark:
        page.locator("summary").first.click()
        page.locator(f"textarea[name='{SPEND}.remark']").fill(remark)
    page.get_by_role("button", name="Uložit").click()
    expect(page.get_by_text("Zodpovězeno; můžete to změnit")).to_be_visible()


def photograph(page: Page, caption: str, people: str, place: tuple[float, float] | None = None) -> None:
    block = exif(gps=gps_block(*place) if place else None)
    page.get_by_role("link", name="Další fotka" if "/photos" in page.url else "Fotka", exact=True).click()
    page.locator("input[type=file]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": encoded(grain(640, 480), exif=block.tobytes())}
    )
    page.get_by_label("Váš popisek").fill(caption)
    page.locator("input[name=up]").check()
    page.locator(f"input[name=people][value={people}]").check()
    page.get_by_role("button", name="Odeslat").click()
    expect(page).to_have_title(re.compile("Moje fotky"))
    expect(page.get_by_text(caption)).to_be_visible()


def until_ready(page: Page, count: int) -> None:
    def ready() -> bool:
        page.reload()
        return page.locator("figure img").count() == count

    wait_for(page, ready)


def answer_by_the_api(nothing: Nothing, page: Page, made: Made, values: dict[str, int]) -> None:
    """One more person, as scripts and other phones' apps take part."""
    told = json.loads(nothing.pohled("participant", "add", "--code", made.code, "--json"))
    assert told["joined"] == {"kind": "walk", "id": made.walk}
    headers = {"Authorization": f"Bearer {told['token']}"}
    walk = page.request.get(f"/api/v1/pack/walk/{made.walk}/content?language=cs", headers=headers).json()
    [checklist] = walk["checklists"]
    sent = {
        "device": "script",
        "sequence": 1,
        "revision": 1,
        "walk": made.walk,
        "stop": walk["stops"][0]["id"],
        "checklist": checklist["checklist"],
        "version": checklist["version"],
        "language": "cs",
        "people": 1,
        "answers": {question: {"value": value} for question, value in values.items()},
        "started": "2018-06-18T10:30:00+02:00",
    }
    received = page.request.put(f"/api/v1/responses/{uuid.uuid4()}", headers=headers, data=sent)
    assert received.status == 200, received.text()


# who sees what


def result(page: Page, question: str) -> Locator:
    """What the page shows of a question at the first stop."""
    return page.locator("#stop-1 .result", has_text=ASKED[question][1]).first


def facilitator_sees_all(page: Page, made: Made) -> None:
    page.goto(made.desk())
    expect(page.get_by_text("4 people joined, 4 checklists filled in.")).to_be_visible()
    for question, n, mean, cant_tell in ((SPEND, 4, "4", 0), (HELP, 0, "", 1), (HOME, 2, "3", 0)):
        told = result(page, question)
        expect(told.get_by_text(f"n = {n}", exact=True)).to_be_visible()
        expect(told.get_by_text(f"can’t tell: {cant_tell}")).to_be_visible()
        expect(told.locator(".figures").get_by_text("mean")).to_have_text([f"mean {mean}"] if mean else [])
    expect(result(page, SPEND).get_by_text(REMARK)).to_be_visible()
    page.get_by_role("link", name="Photos").click()
    expect(page.locator("figure")).to_have_count(3)
    for caption in (AGREED, UNASKED, NOT_FOR_REPORT):
        expect(page.locator("figure", has_text=caption).locator("img")).to_be_visible()
    expect(page.locator("figure", has_text=AGREED)).to_contain_text(EXACT)
    expect(page.locator("figure", has_text=UNASKED)).to_contain_text("stays inside")


def viewer_sees_what_was_agreed(page: Page, facilitator: Page, made: Made) -> list[str]:
    """Returns the addresses of the agreed photo's pictures, at both desks."""
    for closed in (made.desk(), made.desk("photos"), made.desk("originals.zip")):
        assert page.request.get(closed).status == 403, closed
    inside = sizes(facilitator)
    for address in inside:
        assert facilitator.request.get(address).status == 200, address
        assert page.request.get(address).status == 403, address

    page.goto("/desk")
    page.get_by_role("link", name=WALK["en"]).click()
    for question in ASKED:
        told = result(page, question)
        if question == SPEND:
            expect(told.get_by_text("n = 3", exact=True)).to_be_visible()
            expect(told.get_by_text("mean")).to_have_count(0)  # of three answers it would tell each
        else:
            expect(told.get_by_text("fewer than 3 answers")).to_be_visible()
            expect(told.get_by_text(re.compile("n =|mean"))).to_have_count(0)
    expect(page.locator("figure")).to_have_count(1)
    expect(page.locator("figure img")).to_be_visible()
    expect(page.locator("figure")).to_contain_text(AGREED)
    expect(page.locator("figure")).to_contain_text("No place is told")
    for kept_back in (REMARK, UNASKED, NOT_FOR_REPORT, EXACT, f"{LAT:.3f}", f"{LON:.3f}"):
        assert kept_back not in page.content()
    outside = sizes(page)
    for number in range(1, len(inside) + 1):
        photo = f"/desk/projects/{made.project}/report/{number}/320"
        assert (page.request.get(photo).status == 200) == (photo in outside), photo
    [shown] = outside
    at_desk = facilitator.locator("figure", has_text=AGREED).locator("img").get_attribute("src")
    assert at_desk in inside
    return [shown, at_desk]


def sizes(page: Page) -> list[str]:
    found: list[str] = page.locator("figure img").evaluate_all("all => all.map(each => each.getAttribute('src'))")
    return found


# taking back, and erasing


def take_back(page: Page) -> None:
    page.goto("/plain/mine")
    page.locator("figure", has_text=AGREED).get_by_role("link", name="Změnit nebo vzít zpět").click()
    page.get_by_role("link", name="Vzít tuto fotku zpět").click()
    page.get_by_label("Ano, vzít tuto fotku natrvalo zpět").check()
    page.get_by_role("button", name="Vzít tuto fotku zpět").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Co je moje")
    expect(page.get_by_text(AGREED)).to_have_count(0)
    expect(page.get_by_text(UNASKED)).to_be_visible()


def gone_for_everybody(viewer: Page, facilitator: Page, made: Made, pictures: list[str]) -> None:
    viewer.reload()
    expect(viewer.get_by_text("There is no such photo yet.")).to_be_visible()
    assert AGREED not in viewer.content()
    facilitator.goto(made.desk("photos"))
    expect(facilitator.locator("figure")).to_have_count(2)
    assert AGREED not in facilitator.content()
    assert EXACT not in facilitator.content()
    for address in pictures:
        for page in (viewer, facilitator):
            assert page.request.get(address).status in (403, 404, 410), address


def erase_the_second(page: Page, made: Made) -> None:
    page.goto(f"/desk/projects/{made.project}")
    page.get_by_role("link", name="Participants").click()
    page.get_by_role("link", name="Consents").click()
    expect(page.get_by_text("4 people.")).to_be_visible()
    page.get_by_role("link", name="Participant 2").click()
    expect(page.get_by_text("1 checklist answered, 1 photo")).to_be_visible()
    page.get_by_role("link", name="Erase for good").click()
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Yes, erase everything of this person").check()
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Erased")
    expect(page.get_by_text("1 response, 1 photo")).to_be_visible()
    page.get_by_role("link", name="Continue").click()
    expect(page.get_by_text("3 people.")).to_be_visible()


def nothing_is_left_of_the_second(second: Page, viewer: Page, facilitator: Page, made: Made) -> None:
    facilitator.reload()
    expect(facilitator.locator("figure")).to_have_count(1)
    expect(facilitator.locator("figure")).to_contain_text(UNASKED)
    assert NOT_FOR_REPORT not in facilitator.content()
    facilitator.goto(made.desk())
    expect(facilitator.get_by_text("3 people joined, 3 checklists filled in.")).to_be_visible()
    expect(result(facilitator, SPEND).get_by_text("n = 3", exact=True)).to_be_visible()
    expect(result(facilitator, HOME).get_by_text("n = 1", exact=True)).to_be_visible()
    viewer.reload()
    expect(result(viewer, SPEND).get_by_text("n = 3", exact=True)).to_be_visible()
    answered = second.goto("/plain/mine")
    assert answered is not None
    assert answered.status in (401, 410)
