"""All that the demo is made of: each walk with its answers and photos, and the photos of the call."""

from webapp.demo import centre, content, letna, others, sapa, ups_and_downs
from webapp.demo.content import Photo, Response, Walk

WALKS: tuple[tuple[Walk, tuple[Response, ...], tuple[Photo, ...]], ...] = (
    (content.WALK, (*content.RESPONSES, *letna.RESPONSES), (*content.PHOTOS, *letna.PHOTOS)),
    (others.SAPA, (*others.SAPA_RESPONSES, *sapa.RESPONSES), sapa.PHOTOS),
    (others.CENTRE, (*others.CENTRE_RESPONSES, *centre.RESPONSES), centre.PHOTOS),
)
CALL_PHOTOS: tuple[Photo, ...] = (*others.CALL_PHOTOS, *ups_and_downs.PHOTOS)
PHOTOS: tuple[Photo, ...] = (*(photo for _, _, photos in WALKS for photo in photos), *CALL_PHOTOS)
